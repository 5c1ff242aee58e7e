package dev.fovea.pretrain;

import dev.fovea.config.AdafactorConfig;

/**
 * How a network is driven to its optimum.
 *
 * @param adafactor the optimiser
 * @param schedule how its learning rate falls
 * @param maxGradientNorm upper bound of the gradient's 2-norm, above 0
 * @param decoderGain factor on the decoder's initial gain, above 0; below 1 the network begins
 *     nearer to its base upscaler
 * @param memory whether the optimiser may take longer to need less memory
 */
public record Optimization(
    AdafactorConfig adafactor,
    LearningRateSchedule schedule,
    double maxGradientNorm,
    double decoderGain,
    Memory memory) {
  /** What the optimiser spares. */
  public enum Memory {
    /** Time. */
    FAST,
    /** Memory. */
    LOW
  }

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Optimization {
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "maximal gradient norm %s is not above 0".formatted(maxGradientNorm));
    }
    if (!(decoderGain > 0) || Double.isInfinite(decoderGain)) {
      throw new IllegalArgumentException("decoder gain %s is not above 0".formatted(decoderGain));
    }
  }
}
