package dev.fovea.jobs.training.loop;

import dev.fovea.model.config.AdafactorConfig;

/**
 * How a network is driven to its optimum.
 *
 * @param adafactor the optimiser
 * @param schedule how its learning rate falls
 * @param maxGradientNorm upper bound of the gradient's 2-norm, above 0
 * @param memory whether the optimiser may take longer to need less memory
 */
public record Optimization(
    AdafactorConfig adafactor,
    LearningRateSchedule schedule,
    double maxGradientNorm,
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
  }

  /**
   * The learning rate of one optimiser step.
   *
   * @param progress the share of the run that lies behind, 0 to 1
   */
  public double rate(double progress) {
    return schedule.rate(adafactor.learningRate(), progress);
  }
}
