package dev.fovea.model.engine;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network in training, resident on one device.
 *
 * <p>One optimiser step is one or more {@link #accumulate} calls and one {@link #step}. Figures are
 * collected on the device and fetched by {@link #drain}, so that no step has to wait for them. What
 * comes out depends only on what was restored and what was accumulated since. Not thread-safe.
 */
public interface Trainer extends AutoCloseable {
  /**
   * Replaces parameters and updater state by copies of the given ones and forgets accumulated
   * gradients and undrained figures.
   *
   * @param parameters DL4J's flat parameter vector
   * @param updaterState DL4J's flat updater state
   */
  void restore(INDArray parameters, INDArray updaterState);

  /**
   * Adds the gradient of one mini-batch to that of the current step. The step's gradient is the
   * mean over all its samples, so mini-batches weigh by their size. Both arrays are done with when
   * the call returns: the caller may overwrite or close them.
   *
   * @param lowResolution NCHW [B, 3, H, W], RGB in [0, 1]
   * @param highResolution NCHW [B, 3, rH, rW], RGB in [0, 1]
   */
  void accumulate(INDArray lowResolution, INDArray highResolution);

  /**
   * A copy of the gradient of the current step as accumulated so far: the mean over its samples,
   * before clipping.
   *
   * @return [1, P], in the order of the parameter vector
   * @throws IllegalStateException if nothing was accumulated
   */
  INDArray gradient();

  /**
   * Clips the accumulated gradient by its global norm and applies the updaters.
   *
   * @param learningRate the updaters' learning rate in this step
   * @param maxGradientNorm upper bound of the gradient's 2-norm
   * @throws IllegalStateException if nothing was accumulated
   */
  void step(double learningRate, double maxGradientNorm);

  /** The figures of every step since the last call, in order; waits for the device. */
  List<StepFigures> drain();

  /** A copy of the flat parameter vector, [1, P]. */
  INDArray parameters();

  /** A copy of the flat updater state, [1, S]. */
  INDArray updaterState();

  @Override
  void close();
}
