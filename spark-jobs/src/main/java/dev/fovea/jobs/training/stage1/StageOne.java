package dev.fovea.jobs.training.stage1;

import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Outcome;
import dev.fovea.jobs.evaluation.training.TrainingEvaluationJob;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.Procedure;
import dev.fovea.jobs.training.averaging.ReconstructionProcedure;
import dev.fovea.jobs.training.loop.Descriptions;
import dev.fovea.jobs.training.loop.EpochFigures;
import dev.fovea.jobs.training.loop.Stage;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Trains an upscaler, from scratch or from another model, by its distance to the originals. */
final class StageOne implements Stage<StepFigures> {
  /** The setting that names the model training started from. */
  private static final String ORIGIN = "started-from";

  private final PretrainSettings settings;
  private final ComputationGraph network;
  private Optional<String> origin;

  StageOne(PretrainSettings settings) {
    this.settings = settings;
    this.network =
        UpscalerGraph.initialised(
            UpscalerGraph.training(
                settings.upscaler(),
                settings.run().loss(),
                settings.run().optimization().adafactor()),
            settings.run().epochs().seed(),
            settings.decoderGain());
    settings.origin().ifPresent(from -> network.params().assign(from.upscaler().parameters()));
    origin = settings.origin().map(PretrainOrigin::name);
  }

  @Override
  public String command() {
    return "pretrain";
  }

  @Override
  public UpscalerConfig upscaler() {
    return settings.upscaler();
  }

  @Override
  public List<ComputationGraph> networks() {
    return List.of(network);
  }

  @Override
  public Procedure<StepFigures> procedure() {
    return new ReconstructionProcedure(network.getConfiguration());
  }

  @Override
  public List<String> description() {
    String upscaler = Descriptions.upscaler(settings.upscaler());
    return List.of(
        origin.map(name -> "%s, started from %s".formatted(upscaler, name)).orElse(upscaler));
  }

  @Override
  public Instruction instruction(int epoch, double progress) {
    return Instruction.reconstruction(settings.run().optimization().rate(progress));
  }

  @Override
  public EpochFigures<StepFigures> figures() {
    return new StageOneFigures(settings.run().loss());
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    origin = Optional.ofNullable(checkpoint.state().settings().get(ORIGIN));
    network.params().assign(checkpoint.upscaler().parameters());
    network.getUpdater().getStateViewArray().assign(checkpoint.updaterState());
  }

  @Override
  public Checkpoint checkpoint(TrainingState state) {
    return new Checkpoint(
        new TrainedUpscaler(settings.upscaler(), network.params()),
        settings.run().loss(),
        settings.run().optimization().adafactor(),
        network.getUpdater().getStateViewArray(),
        state);
  }

  @Override
  public Optional<byte[]> origin() {
    return settings.origin().flatMap(PretrainOrigin::fingerprints);
  }

  @Override
  public Map<String, String> recorded() {
    Map<String, String> recorded = new HashMap<>();
    recorded.put("decoder-gain", String.valueOf(settings.decoderGain()));
    origin.ifPresent(name -> recorded.put(ORIGIN, name));
    return recorded;
  }

  @Override
  public void begin(
      TrainingEvaluationJob evaluation, String test, RunEvents events, Console console) {}

  @Override
  public String beside(Outcome outcome) {
    return "";
  }
}
