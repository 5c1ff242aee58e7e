package dev.fovea.jobs.training.averaging;

import dev.fovea.model.engine.EngineOptions;
import java.io.Serializable;

/**
 * What stays the same over all rounds of a run.
 *
 * @param engine the engine's name, to be found by {@code Engines.named} on every executor
 * @param options how the engine executes the network; a GPU that Spark assigned to a task takes the
 *     place of the device, unless that is the CPU
 * @param maxGradientNorm upper bound of the 2-norm of each network's gradient, above 0
 * @param outer what is made of the mean
 */
public record AveragingSettings(
    String engine, EngineOptions options, double maxGradientNorm, OuterMomentum outer)
    implements Serializable {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public AveragingSettings {
    if (engine.isEmpty()) {
      throw new IllegalArgumentException("the engine's name is missing");
    }
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "maximal gradient norm %s is not above 0".formatted(maxGradientNorm));
    }
  }

  /** Plain averaging. */
  public AveragingSettings(String engine, EngineOptions options, double maxGradientNorm) {
    this(engine, options, maxGradientNorm, OuterMomentum.OFF);
  }
}
