package dev.fovea.jobs.training.averaging;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.engine.AdversarialFigures;
import dev.fovea.model.engine.AdversarialFigures.OfCritic;
import dev.fovea.model.engine.AdversarialTrainer;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.NetworkState;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** Trains an upscaler and a critic against each other, in this order of networks. */
public final class AdversarialProcedure implements Procedure<AdversarialFigures> {
  private static final long serialVersionUID = 1;

  private final String upscaler;
  private final String critic;
  private final AdversarialTerm term;

  /**
   * For two networks.
   *
   * @param upscaler with its loss and its updaters, as {@code UpscalerGraph} builds it
   * @param critic with its updaters, as {@code CriticGraph} builds it
   * @param term whether the upscaler learns from the critic
   */
  public AdversarialProcedure(
      ComputationGraphConfiguration upscaler,
      ComputationGraphConfiguration critic,
      AdversarialTerm term) {
    this.upscaler = upscaler.toJson();
    this.critic = critic.toJson();
    this.term = term;
  }

  @Override
  public Learner<AdversarialFigures> open(
      Engine engine, EngineOptions options, double maxGradientNorm) {
    AdversarialTrainer trainer =
        engine.openAdversarialTrainer(
            ComputationGraphConfiguration.fromJson(upscaler),
            ComputationGraphConfiguration.fromJson(critic),
            term,
            options);
    return new Alternating(trainer, maxGradientNorm);
  }

  /**
   * The order of the reference: the upscaler's gradient over a mini-batch follows the critic's, and
   * over the last one of a step it passes the critic that has just stepped.
   */
  private record Alternating(AdversarialTrainer trainer, double maxGradientNorm)
      implements Learner<AdversarialFigures> {
    @Override
    public void restore(List<NetworkState> networks) {
      trainer.restore(networks.get(0), networks.get(1));
    }

    @Override
    public void train(Batch batch, Instruction instruction, Place place) {
      trainer.accumulateCritic(batch.lowResolution(), batch.highResolution());
      if (place == Place.ENDS_STEP) {
        trainer.stepCritic(instruction.criticLearningRate(), maxGradientNorm);
      }
      if (instruction.phase() == Phase.WARM_UP) {
        return;
      }
      trainer.accumulateUpscaler();
      if (place == Place.ENDS_STEP) {
        trainer.stepUpscaler(instruction.learningRate(), maxGradientNorm);
      }
    }

    @Override
    public List<AdversarialFigures> drain() {
      return trainer.drain();
    }

    @Override
    public List<NetworkState> networks() {
      return List.of(trainer.upscaler(), trainer.critic());
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  @Override
  public boolean finite(AdversarialFigures figures) {
    return figures.finite();
  }

  @Override
  public String describe(AdversarialFigures figures) {
    OfCritic ofCritic = figures.critic();
    String text =
        "critic loss %s, critic gradient norm %s"
            .formatted(ofCritic.loss(), ofCritic.gradientNorm());
    return figures
        .upscaler()
        .map(
            each ->
                "reconstruction loss %s, total variation %s, adversarial loss %s, gradient norm %s, %s"
                    .formatted(
                        each.reconstruction(),
                        each.totalVariation(),
                        each.adversarial(),
                        each.gradientNorm(),
                        text))
        .orElse(text);
  }

  @Override
  public double score(AdversarialFigures figures) {
    return figures.critic().loss();
  }
}
