package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Outcome;
import dev.fovea.jobs.evaluation.training.TrainingEvaluationJob;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.Procedure;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.UpscalerConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What distinguishes the stages of training: their networks, how they are trained, and what is told
 * and kept of it. Used by the driver's thread.
 *
 * @param <F> the figures of an optimiser step
 */
public interface Stage<F> {
  /** The command that runs it. */
  String command();

  /** The shape of the upscaler. */
  UpscalerConfig upscaler();

  /** The shape of the critic, if one is trained as well. */
  default Optional<CriticConfig> critic() {
    return Optional.empty();
  }

  /** The networks in training, the upscaler first; the same objects at every call. */
  List<ComputationGraph> networks();

  /** How workers train them. */
  Procedure<F> procedure();

  /** What is trained, one line for each network. */
  List<String> description();

  /**
   * What an optimiser step does.
   *
   * @param epoch the step's, counted from 0
   * @param progress the share of the run that lies behind, 0 to 1
   */
  Instruction instruction(int epoch, double progress);

  /** Sums up an epoch. */
  EpochFigures<F> figures();

  /** Fingerprints of what the networks were trained on before the run began, if that is known. */
  default Optional<byte[]> origin() {
    return Optional.empty();
  }

  /** Puts the networks, and what the stage remembers, back to what a checkpoint of it holds. */
  void restore(Checkpoint checkpoint);

  /** What a checkpoint of the networks as they are now holds. */
  Checkpoint checkpoint(TrainingState state);

  /** What only this stage has to say among a checkpoint's settings, by option name. */
  Map<String, String> recorded();

  /**
   * Measures, before the first step, what later evaluations are held against, if anything.
   *
   * @param test the fingerprint of the test pictures
   */
  void begin(TrainingEvaluationJob evaluation, String test, RunEvents events, Console console);

  /** What stands beside an evaluation, in words; empty if nothing does. */
  String beside(Outcome outcome);
}
