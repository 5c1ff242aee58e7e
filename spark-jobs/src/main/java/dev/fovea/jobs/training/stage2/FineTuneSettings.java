package dev.fovea.jobs.training.stage2;

import dev.fovea.jobs.training.loop.RunSettings;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.CriticConfig;

/**
 * Everything that decides what a fine-tuning run computes and where it leaves it.
 *
 * @param run what both stages have
 * @param origin what the upscaler starts from, and thereby its shape
 * @param critic the network it is trained against
 * @param criticLearningRate the critic's highest rate, above 0; it falls as the upscaler's does
 * @param warmupEpochs epochs in which only the critic learns, 0 or more
 * @param term whether the upscaler learns from the critic
 */
public record FineTuneSettings(
    RunSettings run,
    FineTuneOrigin origin,
    CriticConfig critic,
    double criticLearningRate,
    int warmupEpochs,
    AdversarialTerm term) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public FineTuneSettings {
    if (run.pairs().upscaleRatio() != origin.upscaler().upscaleRatio()) {
      throw new IllegalArgumentException(
          "pairs of ratio %d do not fit an upscaler of ratio %d"
              .formatted(run.pairs().upscaleRatio(), origin.upscaler().upscaleRatio()));
    }
    if (!(criticLearningRate > 0) || Double.isInfinite(criticLearningRate)) {
      throw new IllegalArgumentException(
          "the critic's learning rate %s is not above 0".formatted(criticLearningRate));
    }
    if (warmupEpochs < 0) {
      throw new IllegalArgumentException(
          "%d epochs of the critic's warm-up are not 0 or more".formatted(warmupEpochs));
    }
  }

  /** The critic's optimiser. */
  AdafactorConfig criticAdafactor() {
    return AdafactorConfig.of(criticLearningRate, run.optimization().adafactor().beta2Decay());
  }
}
