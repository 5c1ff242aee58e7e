package dev.fovea.model.engine;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An upscaler and a critic in training against each other, resident on one device (stage 2).
 *
 * <p>One alternating step is, over one or more mini-batches, {@link #accumulateCritic} for each and
 * one {@link #stepCritic}; then, unless the critic learns alone, {@link #accumulateUpscaler} for
 * each and one {@link #stepUpscaler}. With several mini-batches a step, {@code accumulateUpscaler}
 * follows each {@code accumulateCritic}, but comes after {@code stepCritic} for the last one:
 *
 * <pre>
 * for each mini-batch k of n:
 *   accumulateCritic(k)
 *   if k is the last: stepCritic
 *   accumulateUpscaler
 *   if k is the last: stepUpscaler
 * </pre>
 *
 * <p>A step's gradient is the mean over all samples of its mini-batches; each network is clipped
 * and stepped by itself. Figures are collected on the device, so that no step waits for them. What
 * comes out depends only on what was restored and what was called since. Not thread-safe.
 */
public interface AdversarialTrainer extends AutoCloseable {
  /** Replaces both networks by copies and forgets mini-batches, gradients and undrained figures. */
  void restore(NetworkState upscaler, NetworkState critic);

  /**
   * Upscales a mini-batch, remembers the result for {@link #accumulateUpscaler}, and adds the
   * critic's gradient over it to that of the critic's current step: real and upscaled pictures pass
   * the critic separately, both in training mode, and the loss is the binary cross-entropy of all
   * logits together, against 1 and 0. Both arrays are done with when the call returns.
   *
   * @param lowResolution NCHW [B, 3, H, W], RGB in [0, 1]
   * @param highResolution NCHW [B, 3, rH, rW], RGB in [0, 1]
   */
  void accumulateCritic(INDArray lowResolution, INDArray highResolution);

  /**
   * Clips the critic's accumulated gradient by its global norm and applies its updaters.
   *
   * @param learningRate the updaters' learning rate in this step
   * @param maxGradientNorm upper bound of the gradient's 2-norm
   * @throws IllegalStateException if nothing was accumulated
   */
  void stepCritic(double learningRate, double maxGradientNorm);

  /**
   * Adds the upscaler's gradient over the mini-batch last given to {@link #accumulateCritic} to
   * that of the upscaler's current step. The upscaled pictures pass the critic as it is now, in
   * training mode: its running statistics move, its gradient does not. The loss is rec /
   * detach(rec) + bce / detach(bce), where rec is the loss of stage 1, bce the cross-entropy
   * against 1, and each divisor at least 1e-12.
   *
   * @throws IllegalStateException if there is no such mini-batch, or it was used already
   */
  void accumulateUpscaler();

  /**
   * Clips the upscaler's accumulated gradient by its global norm and applies its updaters.
   *
   * @param learningRate the updaters' learning rate in this step
   * @param maxGradientNorm upper bound of the gradient's 2-norm
   * @throws IllegalStateException if nothing was accumulated, or if the critic has not stepped
   *     since the upscaler's last step
   */
  void stepUpscaler(double learningRate, double maxGradientNorm);

  /**
   * The figures of every step of the critic since the last call, in order; waits for the device. To
   * be called between alternating steps: those of an upscaler that has not stepped yet are left
   * out.
   */
  List<AdversarialFigures> drain();

  /** Copies of the upscaler's parameters and updater state. */
  NetworkState upscaler();

  /** Copies of the critic's parameters and updater state. */
  NetworkState critic();

  /**
   * A copy of the upscaler's gradient as accumulated so far: the mean over its samples, before
   * clipping.
   *
   * @return [1, P], in the order of the parameter vector
   * @throws IllegalStateException if nothing was accumulated
   */
  INDArray upscalerGradient();

  /**
   * A copy of the critic's gradient as accumulated so far: the mean over its samples, before
   * clipping; 0 at the running statistics.
   *
   * @return [1, P], in the order of the parameter vector
   * @throws IllegalStateException if nothing was accumulated
   */
  INDArray criticGradient();

  @Override
  void close();
}
