package dev.fovea.pretrain;

import dev.fovea.config.AdafactorConfig;

/**
 * How a network is driven to its optimum.
 *
 * @param adafactor the optimiser
 * @param schedule how its learning rate falls
 * @param batchSize samples of a mini-batch, 1 or more
 * @param accumulationSteps mini-batches of an optimiser step, 1 or more
 * @param maxGradientNorm upper bound of the gradient's 2-norm, above 0
 * @param decoderGain factor on the decoder's initial gain, above 0; below 1 the network begins
 *     nearer to its base upscaler
 */
public record Optimization(
    AdafactorConfig adafactor,
    LearningRateSchedule schedule,
    int batchSize,
    int accumulationSteps,
    double maxGradientNorm,
    double decoderGain) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Optimization {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size %d is not 1 or more".formatted(batchSize));
    }
    if (accumulationSteps < 1) {
      throw new IllegalArgumentException(
          "gradient accumulation steps %d are not 1 or more".formatted(accumulationSteps));
    }
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "maximal gradient norm %s is not above 0".formatted(maxGradientNorm));
    }
    if (!(decoderGain > 0) || Double.isInfinite(decoderGain)) {
      throw new IllegalArgumentException("decoder gain %s is not above 0".formatted(decoderGain));
    }
  }
}
