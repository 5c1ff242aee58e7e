package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.arrays.HostLoop;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of batch normalisation, over the pixels of each channel of an NHWC array [.., C],
 * contiguous, in double precision. Sums are taken over fixed runs of pixels and added in their
 * order, whoever computed them, so that equal inputs give equal bits.
 */
final class BatchStatistics {
  /** Elements of a run of pixels, roughly: as much as fits into a core's cache. */
  private static final int RUN = 1 << 14;

  private BatchStatistics() {}

  /**
   * Mean and biased variance of each channel.
   *
   * @param pixels that they were taken over
   */
  @SuppressWarnings("ArrayRecordComponent") // lives for one pass
  record Moments(double[] mean, double[] variance, long pixels) {
    /** What the biased variance has to be multiplied by to be unbiased. */
    double unbiased() {
      return (double) pixels / (pixels - 1);
    }

    private double[] inverseDeviation() {
      return Arrays.stream(variance).map(v -> 1 / Math.sqrt(v + BatchNorm.EPSILON)).toArray();
    }
  }

  /**
   * The moments of a mini-batch.
   *
   * @throws IllegalArgumentException naming the layer if there is but one pixel
   */
  static Moments of(INDArray x, String layer) {
    int channels = channels(x);
    long pixels = x.length() / channels;
    if (pixels < 2) {
      throw new IllegalArgumentException(
          "layer %s normalises %s in training mode, which needs 2 pixels or more of each channel"
              .formatted(layer, Arrays.toString(x.shape())));
    }
    double[] mean =
        sums(
            x,
            1,
            (values, count, into) -> {
              for (int i = 0; i < count; i += channels) {
                for (int c = 0; c < channels; c++) {
                  into[c] += values[0][i + c];
                }
              }
            });
    scale(mean, pixels);
    double[] variance =
        sums(
            x,
            1,
            (values, count, into) -> {
              for (int i = 0; i < count; i += channels) {
                for (int c = 0; c < channels; c++) {
                  double difference = values[0][i + c] - mean[c];
                  into[c] += difference * difference;
                }
              }
            });
    scale(variance, pixels);
    return new Moments(mean, variance, pixels);
  }

  /** Writes weight (x - mean) / sqrt(variance + eps) + bias to {@code y}. */
  static void normalise(INDArray x, Moments moments, double[] weight, double[] bias, INDArray y) {
    int channels = channels(x);
    double[] factor = moments.inverseDeviation();
    double[] offset = new double[channels];
    for (int c = 0; c < channels; c++) {
      factor[c] *= weight[c];
      offset[c] = bias[c] - moments.mean()[c] * factor[c];
    }
    overRuns(
        x,
        (run, position, count, values) -> {
          for (int i = 0; i < count; i += channels) {
            for (int c = 0; c < channels; c++) {
              values[i + c] = values[i + c] * factor[c] + offset[c];
            }
          }
          HostCopy.write(values, count, y, position);
        });
  }

  /**
   * Writes the gradients of x, weight and bias, given that of the result, through the moments.
   *
   * <p>With u = (x - mean) / sqrt(variance + eps): dbias = sum(dy), dweight = sum(dy u) and dx =
   * weight / sqrt(variance + eps) (dy - dbias / n - u dweight / n).
   */
  static void backward(
      INDArray x,
      Moments moments,
      double[] weight,
      INDArray gradient,
      INDArray xGradient,
      INDArray weightGradient,
      INDArray biasGradient) {
    int channels = channels(x);
    double[] mean = moments.mean();
    double[] inverse = moments.inverseDeviation();
    double[] both =
        sums(
            x,
            2,
            (values, count, into) -> {
              for (int i = 0; i < count; i += channels) {
                for (int c = 0; c < channels; c++) {
                  double dy = values[1][i + c];
                  into[c] += dy;
                  into[channels + c] += dy * (values[0][i + c] - mean[c]) * inverse[c];
                }
              }
            },
            gradient);
    double[] dBias = Arrays.copyOf(both, channels);
    double[] dWeight = Arrays.copyOfRange(both, channels, 2 * channels);
    overRuns(
        x,
        (run, position, count, values) -> {
          double[] dy = new double[count];
          HostCopy.read(gradient, position, count, dy);
          for (int i = 0; i < count; i += channels) {
            for (int c = 0; c < channels; c++) {
              double u = (values[i + c] - mean[c]) * inverse[c];
              values[i + c] =
                  weight[c]
                      * inverse[c]
                      * (dy[i + c] - (dBias[c] + u * dWeight[c]) / moments.pixels());
            }
          }
          HostCopy.write(values, count, xGradient, position);
        });
    HostCopy.write(dWeight, channels, weightGradient, 0);
    HostCopy.write(dBias, channels, biasGradient, 0);
  }

  /** Adds what a run of pixels has to say to sums, one or more for each channel. */
  @FunctionalInterface
  private interface Summand {
    void add(double[][] values, int count, double[] into);
  }

  /** Works on a run of pixels. */
  @FunctionalInterface
  private interface Work {
    void on(int run, long position, int count, double[] values);
  }

  private static double[] sums(INDArray x, int each, Summand summand, INDArray... more) {
    int length = each * channels(x);
    double[][] parts = new double[runs(x)][];
    overRuns(
        x,
        (run, position, count, values) -> {
          double[][] all = new double[1 + more.length][];
          all[0] = values;
          for (int i = 0; i < more.length; i++) {
            all[1 + i] = new double[count];
            HostCopy.read(more[i], position, count, all[1 + i]);
          }
          parts[run] = new double[length];
          summand.add(all, count, parts[run]);
        });
    double[] sum = new double[length];
    for (double[] part : parts) {
      for (int i = 0; i < length; i++) {
        sum[i] += part[i];
      }
    }
    return sum;
  }

  private static void overRuns(INDArray x, Work work) {
    int elements = pixelsOfARun(x) * channels(x);
    HostLoop.overParts(
        runs(x),
        x.length(),
        (from, to) -> {
          double[] values = new double[(int) Math.min(elements, x.length())];
          for (int run = from; run < to; run++) {
            long position = (long) run * elements;
            int count = (int) Math.min(elements, x.length() - position);
            HostCopy.read(x, position, count, values);
            work.on(run, position, count, values);
          }
        });
  }

  private static int runs(INDArray x) {
    long elements = (long) pixelsOfARun(x) * channels(x);
    return (int) ((x.length() + elements - 1) / elements);
  }

  private static int pixelsOfARun(INDArray x) {
    return Math.max(1, RUN / channels(x));
  }

  private static int channels(INDArray x) {
    return (int) x.size(x.rank() - 1);
  }

  private static void scale(double[] sums, long count) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= count;
    }
  }
}
