package dev.fovea.model.graph;

import dev.fovea.model.config.BaseUpscaler;
import java.util.Arrays;

/**
 * One axis of PyTorch's {@code Upsample(align_corners=False)}: every output sample is a weighted
 * sum of a few input samples, edges clamped, no antialiasing. Immutable.
 */
final class Interpolation {
  private static final double A = -0.75;

  private final int length;
  private final int taps;
  private final int[] source;
  private final double[] weight;

  private Interpolation(int length, int taps, int[] source, double[] weight) {
    this.length = length;
    this.taps = taps;
    this.source = source;
    this.weight = weight;
  }

  /** The axis that takes {@code length} samples to {@code length * ratio}. */
  static Interpolation of(BaseUpscaler kind, int length, int ratio) {
    int taps = kind == BaseUpscaler.BICUBIC ? 4 : 2;
    int[] source = new int[Math.multiplyExact(Math.multiplyExact(length, ratio), taps)];
    double[] weight = new double[source.length];
    for (int i = 0; i < length * ratio; i++) {
      double centre = (i + 0.5) / ratio - 0.5;
      double[] weights;
      int first;
      if (kind == BaseUpscaler.BICUBIC) {
        double t = centre - Math.floor(centre);
        weights = new double[] {far(t + 1), near(t), near(1 - t), far(2 - t)};
        first = (int) Math.floor(centre) - 1;
      } else {
        // Clamping the two taps does what PyTorch does by clamping the centre to 0.
        double t = centre - Math.floor(centre);
        weights = new double[] {1 - t, t};
        first = (int) Math.floor(centre);
      }
      for (int k = 0; k < taps; k++) {
        source[i * taps + k] = Math.min(Math.max(first + k, 0), length - 1);
        weight[i * taps + k] = weights[k];
      }
    }
    return new Interpolation(length * ratio, taps, source, weight);
  }

  /** Samples of the result. */
  int length() {
    return length;
  }

  /** Interpolates {@code lines} lines of samples that lie one after another. */
  void alongLines(double[] in, double[] out, int lines, int inputLength) {
    for (int line = 0; line < lines; line++) {
      int from = line * inputLength;
      int to = line * length;
      for (int i = 0; i < length; i++) {
        double sum = 0;
        for (int k = i * taps; k < (i + 1) * taps; k++) {
          sum += weight[k] * in[from + source[k]];
        }
        out[to + i] = sum;
      }
    }
  }

  /** Interpolates between lines of {@code width} samples that lie one after another. */
  void acrossLines(double[] in, double[] out, int width) {
    for (int i = 0; i < length; i++) {
      int to = i * width;
      Arrays.fill(out, to, to + width, 0);
      for (int k = i * taps; k < (i + 1) * taps; k++) {
        double w = weight[k];
        int from = source[k] * width;
        for (int x = 0; x < width; x++) {
          out[to + x] += w * in[from + x];
        }
      }
    }
  }

  /** The transpose of {@link #alongLines}: adds each result's gradient to its samples'. */
  void alongLinesTransposed(double[] gradient, double[] out, int lines, int inputLength) {
    Arrays.fill(out, 0, lines * inputLength, 0);
    for (int line = 0; line < lines; line++) {
      int to = line * inputLength;
      int from = line * length;
      for (int i = 0; i < length; i++) {
        for (int k = i * taps; k < (i + 1) * taps; k++) {
          out[to + source[k]] += weight[k] * gradient[from + i];
        }
      }
    }
  }

  /** The transpose of {@link #acrossLines} for {@code inputLength} lines of input. */
  void acrossLinesTransposed(double[] gradient, double[] out, int width, int inputLength) {
    Arrays.fill(out, 0, inputLength * width, 0);
    for (int i = 0; i < length; i++) {
      int from = i * width;
      for (int k = i * taps; k < (i + 1) * taps; k++) {
        double w = weight[k];
        int to = source[k] * width;
        for (int x = 0; x < width; x++) {
          out[to + x] += w * gradient[from + x];
        }
      }
    }
  }

  /** Keys' cubic kernel for distances up to 1. */
  private static double near(double x) {
    return ((A + 2) * x - (A + 3)) * x * x + 1;
  }

  /** Keys' cubic kernel for distances from 1 to 2. */
  private static double far(double x) {
    return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  }
}
