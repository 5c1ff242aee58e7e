package dev.fovea.jobs.training.averaging;

import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import java.io.Serializable;

/**
 * How workers train: what they open and what it shows. The stages of training differ in this alone.
 * Sent to every task by Java serialization. Immutable.
 *
 * @param <F> the figures of an optimiser step
 */
public interface Procedure<F> extends Serializable {
  /**
   * Opens the networks on a worker's device.
   *
   * @param maxGradientNorm upper bound of the 2-norm of each network's gradient
   */
  Learner<F> open(Engine engine, EngineOptions options, double maxGradientNorm);

  /** Whether all figures are finite numbers. */
  boolean finite(F figures);

  /** The figures in words, for a step that diverged. */
  String describe(F figures);

  /** The figure that DL4J takes for the network's score. */
  double score(F figures);
}
