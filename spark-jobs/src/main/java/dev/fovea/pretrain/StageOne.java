package dev.fovea.pretrain;

import dev.fovea.averaging.Instruction;
import dev.fovea.averaging.Procedure;
import dev.fovea.averaging.ReconstructionProcedure;
import dev.fovea.checkpoint.Checkpoint;
import dev.fovea.checkpoint.TrainedUpscaler;
import dev.fovea.checkpoint.TrainingState;
import dev.fovea.config.UpscalerConfig;
import dev.fovea.console.Console;
import dev.fovea.engine.StepFigures;
import dev.fovea.evaluation.TrainingEvaluation.Outcome;
import dev.fovea.evaluation.TrainingEvaluationJob;
import dev.fovea.graph.UpscalerGraph;
import dev.fovea.run.RunEvents;
import dev.fovea.training.Descriptions;
import dev.fovea.training.EpochFigures;
import dev.fovea.training.Stage;
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
