package dev.fovea.loss;

import dev.fovea.config.LossConfig;
import dev.fovea.config.ReconstructionLoss;
import dev.fovea.host.HostCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loss of a mini-batch and its gradient, plane by plane in double precision and always in the
 * same order. Arrays are NCHW [B, C, H, W], contiguous.
 */
final class PlaneLoss {
  private final LossConfig config;
  private final int height;
  private final int width;
  private final double samples;
  private final double verticalDifferences;
  private final double horizontalDifferences;

  private final double[] raw;
  private final double[] prediction;
  private final double[] target;
  private final double[] gradient;

  private double reconstruction;
  private double vertical;
  private double horizontal;

  private PlaneLoss(LossConfig config, long[] shape) {
    this.config = config;
    height = (int) shape[2];
    width = (int) shape[3];
    double planes = (double) shape[0] * shape[1];
    samples = planes * height * width;
    verticalDifferences = planes * (height - 1) * width;
    horizontalDifferences = planes * height * (width - 1);
    raw = new double[height * width];
    prediction = new double[raw.length];
    target = new double[raw.length];
    gradient = new double[raw.length];
  }

  /** The figures alone. */
  static LossFigures measure(LossConfig config, INDArray unclamped, INDArray targets) {
    PlaneLoss loss = new PlaneLoss(config, unclamped.shape());
    for (long p = 0; p < unclamped.size(0) * unclamped.size(1); p++) {
      loss.read(unclamped, targets, p);
      loss.differentiate();
    }
    return loss.figures();
  }

  /** The figures, and to {@code out} the gradient of the loss with respect to {@code unclamped}. */
  static LossFigures measure(
      LossConfig config, INDArray unclamped, INDArray targets, INDArray out) {
    PlaneLoss loss = new PlaneLoss(config, unclamped.shape());
    for (long p = 0; p < unclamped.size(0) * unclamped.size(1); p++) {
      loss.read(unclamped, targets, p);
      loss.differentiate();
      HostCopy.write(loss.gradient, loss.gradient.length, out, p * loss.gradient.length);
    }
    return loss.figures();
  }

  private LossFigures figures() {
    return new LossFigures(
        reconstruction / samples,
        mean(vertical, verticalDifferences) + mean(horizontal, horizontalDifferences));
  }

  private void read(INDArray unclamped, INDArray targets, long plane) {
    HostCopy.read(unclamped, plane * raw.length, raw.length, raw);
    HostCopy.read(targets, plane * raw.length, raw.length, target);
    for (int i = 0; i < raw.length; i++) {
      prediction[i] = Math.min(Math.max(raw[i], 0), 1);
    }
  }

  /** Adds the plane to the sums and finds its gradient. */
  private void differentiate() {
    if (config.reconstruction() == ReconstructionLoss.MSE) {
      for (int i = 0; i < raw.length; i++) {
        double error = prediction[i] - target[i];
        reconstruction += error * error;
        gradient[i] = 2 / samples * error;
      }
    } else {
      for (int i = 0; i < raw.length; i++) {
        double error = prediction[i] - target[i];
        reconstruction += Math.abs(error);
        gradient[i] = Math.signum(error) / samples;
      }
    }
    double verticalFactor = mean(2 * config.tvPenalty(), verticalDifferences);
    for (int i = width; i < raw.length; i++) {
      double difference = prediction[i] - prediction[i - width];
      vertical += difference * difference;
      gradient[i] += verticalFactor * difference;
      gradient[i - width] -= verticalFactor * difference;
    }
    double horizontalFactor = mean(2 * config.tvPenalty(), horizontalDifferences);
    for (int row = 0; row < raw.length; row += width) {
      for (int i = row + 1; i < row + width; i++) {
        double difference = prediction[i] - prediction[i - 1];
        horizontal += difference * difference;
        gradient[i] += horizontalFactor * difference;
        gradient[i - 1] -= horizontalFactor * difference;
      }
    }
    for (int i = 0; i < raw.length; i++) {
      // Written so that a NaN keeps its NaN gradient.
      if (raw[i] < 0 || raw[i] > 1) {
        gradient[i] = 0;
      }
    }
  }

  /** A picture one sample high or wide has no differences, so their mean counts as 0. */
  private static double mean(double sum, double count) {
    return count == 0 ? 0 : sum / count;
  }
}
