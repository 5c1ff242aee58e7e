package dev.fovea.model.loss;

import dev.fovea.model.arrays.HostCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The binary cross-entropy of logits, a mean over them, as PyTorch's {@code
 * binary_cross_entropy_with_logits}: finite for every finite logit.
 *
 * @param loss the mean
 * @param accuracy share of the logits on the target's side of 0
 */
public record BinaryCrossEntropy(double loss, double accuracy) {

  /** What logits are measured against. */
  public enum Target {
    /** A photograph, 1. */
    REAL,
    /** Something that the upscaler made, 0. */
    FAKE
  }

  /**
   * Measures logits.
   *
   * @param logits contiguous, [B, 1]
   * @param gradient overwritten with the gradient of the mean, contiguous, [B, 1]
   */
  public static BinaryCrossEntropy of(INDArray logits, Target target, INDArray gradient) {
    int count = (int) logits.length();
    double[] values = new double[count];
    HostCopy.read(logits, 0, count, values);
    double sign = target == Target.REAL ? 1 : -1;
    double sum = 0;
    int right = 0;
    for (int i = 0; i < count; i++) {
      // softplus of what speaks against the target
      double against = -sign * values[i];
      sum += Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)));
      right += against < 0 ? 1 : 0;
      values[i] = -sign / (1 + Math.exp(-against)) / count;
    }
    HostCopy.write(values, count, gradient, 0);
    return new BinaryCrossEntropy(sum / count, (double) right / count);
  }
}
