package dev.fovea.jobs.training.stage2;

import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Outcome;
import dev.fovea.jobs.evaluation.training.TrainingEvaluationJob;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.training.averaging.AdversarialProcedure;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.Phase;
import dev.fovea.jobs.training.averaging.Procedure;
import dev.fovea.jobs.training.loop.Descriptions;
import dev.fovea.jobs.training.loop.EpochFigures;
import dev.fovea.jobs.training.loop.Stage;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainedCritic;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.AdversarialFigures;
import dev.fovea.model.graph.CriticGraph;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains an upscaler further, against a critic that learns to tell its pictures from photographs.
 * Both optimisers start afresh.
 */
final class StageTwo implements Stage<AdversarialFigures> {
  /** The setting that says whether the upscaler learns from the critic. */
  static final String ADVERSARIAL = "adversarial";

  private final FineTuneSettings settings;
  private final ComputationGraph upscaler;
  private final ComputationGraph critic;
  private Optional<BaseFigures> base = Optional.empty();

  StageTwo(FineTuneSettings settings) {
    this.settings = settings;
    long seed = settings.run().epochs().seed();
    this.upscaler =
        UpscalerGraph.initialised(
            UpscalerGraph.training(
                upscaler(), settings.run().loss(), settings.run().optimization().adafactor()),
            seed);
    this.critic =
        CriticGraph.initialised(
            CriticGraph.training(settings.critic(), settings.criticAdafactor()), seed);
    settings
        .origin()
        .base()
        .ifPresent(model -> upscaler.params().assign(model.upscaler().parameters()));
  }

  @Override
  public String command() {
    return "fine-tune";
  }

  @Override
  public Optional<byte[]> origin() {
    return settings.origin().base().flatMap(FineTuneOrigin.BaseModel::fingerprints);
  }

  @Override
  public UpscalerConfig upscaler() {
    return settings.origin().upscaler();
  }

  @Override
  public Optional<CriticConfig> critic() {
    return Optional.of(settings.critic());
  }

  @Override
  public List<ComputationGraph> networks() {
    return List.of(upscaler, critic);
  }

  @Override
  public Procedure<AdversarialFigures> procedure() {
    return new AdversarialProcedure(
        upscaler.getConfiguration(), critic.getConfiguration(), settings.term());
  }

  @Override
  public List<String> description() {
    return List.of(
        Descriptions.upscaler(upscaler()),
        "critic: %s parameters; it learns alone for %s, adversarial term %s"
            .formatted(
                Figures.count(settings.critic().parameterCount()),
                Figures.count(settings.warmupEpochs(), "epoch", "epochs"),
                id(settings.term())));
  }

  @Override
  public Instruction instruction(int epoch, double progress) {
    return new Instruction(
        epoch < settings.warmupEpochs() ? Phase.WARM_UP : Phase.ADVERSARIAL,
        settings.run().optimization().rate(progress),
        settings.run().optimization().schedule().rate(settings.criticLearningRate(), progress));
  }

  @Override
  public EpochFigures<AdversarialFigures> figures() {
    return new StageTwoFigures();
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    TrainedCritic trained = checkpoint.critic().orElseThrow();
    assign(upscaler, checkpoint.upscaler().parameters(), checkpoint.updaterState());
    assign(critic, trained.parameters(), trained.updaterState());
    base = BaseFigures.of(checkpoint.state().settings());
  }

  private static void assign(ComputationGraph network, INDArray parameters, INDArray updaterState) {
    network.params().assign(parameters.reshape('c', network.params().shape()));
    INDArray state = network.getUpdater().getStateViewArray();
    state.assign(updaterState.reshape('c', state.shape()));
  }

  @Override
  public Checkpoint checkpoint(TrainingState state) {
    return new Checkpoint(
        new TrainedUpscaler(upscaler(), upscaler.params()),
        settings.run().loss(),
        settings.run().optimization().adafactor(),
        upscaler.getUpdater().getStateViewArray(),
        state,
        Optional.of(
            new TrainedCritic(
                settings.critic(), critic.params(), critic.getUpdater().getStateViewArray())));
  }

  @Override
  public Map<String, String> recorded() {
    Map<String, String> recorded = new TreeMap<>();
    recorded.put(ADVERSARIAL, id(settings.term()));
    recorded.put("critic-warmup-epochs", String.valueOf(settings.warmupEpochs()));
    recorded.put("critic-learning-rate", String.valueOf(settings.criticLearningRate()));
    base.ifPresent(figures -> recorded.putAll(figures.recorded()));
    return recorded;
  }

  @Override
  public void begin(
      TrainingEvaluationJob evaluation, String test, RunEvents events, Console console) {
    if (settings.origin().base().isPresent()) {
      Outcome outcome = evaluation.evaluate(new ModelWeights(upscaler(), upscaler.params()));
      String name = settings.origin().base().get().name();
      base = Optional.of(new BaseFigures(name, test, outcome.mean()));
      base.get().events().forEach((event, value) -> events.record(0, 0, event, value));
    } else if (base.isPresent() && !base.get().test().equals(test)) {
      console.note(
          "the test pictures are not those that the base model was evaluated on: its figures are"
              + " left out from here on");
      base = Optional.empty();
    }
    base.ifPresent(figures -> console.line(figures.text()));
  }

  @Override
  public String beside(Outcome outcome) {
    return base.map(figures -> figures.beside(outcome)).orElse("");
  }

  static String id(AdversarialTerm term) {
    return term.name().toLowerCase(Locale.ROOT);
  }
}
