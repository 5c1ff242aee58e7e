package dev.fovea.model.loss;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.arrays.HostLoop;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loss of a mini-batch and its gradient, plane by plane in double precision; the planes' sums
 * are added in their order, whoever computed them. Arrays are NCHW [B, C, H, W], contiguous.
 */
final class PlaneLoss {
  private final LossConfig config;
  private final int planes;
  private final int height;
  private final int width;
  private final double samples;
  private final double verticalDifferences;
  private final double horizontalDifferences;

  private final double[] reconstruction;
  private final double[] vertical;
  private final double[] horizontal;

  private PlaneLoss(LossConfig config, long[] shape) {
    this.config = config;
    planes = Math.toIntExact(shape[0] * shape[1]);
    height = (int) shape[2];
    width = (int) shape[3];
    samples = (double) planes * height * width;
    verticalDifferences = (double) planes * (height - 1) * width;
    horizontalDifferences = (double) planes * height * (width - 1);
    reconstruction = new double[planes];
    vertical = new double[planes];
    horizontal = new double[planes];
  }

  /** The figures alone. */
  static LossFigures measure(LossConfig config, INDArray unclamped, INDArray targets) {
    return new PlaneLoss(config, unclamped.shape()).over(unclamped, targets, null);
  }

  /** The figures, and to {@code out} the gradient of the loss with respect to {@code unclamped}. */
  static LossFigures measure(
      LossConfig config, INDArray unclamped, INDArray targets, INDArray out) {
    return new PlaneLoss(config, unclamped.shape()).over(unclamped, targets, out);
  }

  private LossFigures over(INDArray unclamped, INDArray targets, INDArray out) {
    HostLoop.overParts(
        planes,
        unclamped.length(),
        (from, to) -> {
          Plane plane = new Plane();
          for (int p = from; p < to; p++) {
            plane.read(unclamped, targets, p);
            plane.differentiate(p);
            if (out != null) {
              plane.write(out, p);
            }
          }
        });
    return new LossFigures(
        sum(reconstruction) / samples,
        mean(sum(vertical), verticalDifferences) + mean(sum(horizontal), horizontalDifferences));
  }

  private static double sum(double[] parts) {
    double sum = 0;
    for (double part : parts) {
      sum += part;
    }
    return sum;
  }

  /** A picture one sample high or wide has no differences, so their mean counts as 0. */
  private static double mean(double sum, double count) {
    return count == 0 ? 0 : sum / count;
  }

  /** Room for one plane after another. */
  private final class Plane {
    private final int length = height * width;
    private final double[] raw = new double[length];
    private final double[] prediction = new double[length];
    private final double[] target = new double[length];
    private final double[] gradient = new double[length];

    void read(INDArray unclamped, INDArray targets, int plane) {
      HostCopy.read(unclamped, (long) plane * length, length, raw);
      HostCopy.read(targets, (long) plane * length, length, target);
      for (int i = 0; i < length; i++) {
        prediction[i] = Math.min(Math.max(raw[i], 0), 1);
      }
    }

    void write(INDArray out, int plane) {
      HostCopy.write(gradient, length, out, (long) plane * length);
    }

    /** Finds the plane's sums and its gradient. */
    void differentiate(int plane) {
      reconstruction[plane] = reconstruct();
      vertical[plane] = differVertically(mean(2 * config.tvPenalty(), verticalDifferences));
      horizontal[plane] = differHorizontally(mean(2 * config.tvPenalty(), horizontalDifferences));
      for (int i = 0; i < length; i++) {
        // Written so that a NaN keeps its NaN gradient.
        if (raw[i] < 0 || raw[i] > 1) {
          gradient[i] = 0;
        }
      }
    }

    private double reconstruct() {
      double sum = 0;
      if (config.reconstruction() == ReconstructionLoss.MSE) {
        for (int i = 0; i < length; i++) {
          double error = prediction[i] - target[i];
          sum += error * error;
          gradient[i] = 2 / samples * error;
        }
      } else {
        for (int i = 0; i < length; i++) {
          double error = prediction[i] - target[i];
          sum += Math.abs(error);
          gradient[i] = Math.signum(error) / samples;
        }
      }
      return sum;
    }

    private double differVertically(double factor) {
      double sum = 0;
      for (int i = width; i < length; i++) {
        double difference = prediction[i] - prediction[i - width];
        sum += difference * difference;
        gradient[i] += factor * difference;
        gradient[i - width] -= factor * difference;
      }
      return sum;
    }

    private double differHorizontally(double factor) {
      double sum = 0;
      for (int row = 0; row < length; row += width) {
        for (int i = row + 1; i < row + width; i++) {
          double difference = prediction[i] - prediction[i - 1];
          sum += difference * difference;
          gradient[i] += factor * difference;
          gradient[i - 1] -= factor * difference;
        }
      }
      return sum;
    }
  }
}
