package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.arrays.HostLoop;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Weight normalisation (Salimans and Kingma, 2016): w = g v / ||v||, the norm taken per output
 * channel. Arrays: v and w [O, I, k, k], g [O].
 *
 * <p>In plain Java and double precision: these arrays are small, and ND4J's seven broadcasts and
 * reductions over them would wait for its thread pool longer than they compute.
 */
final class WeightNorm {
  private WeightNorm() {}

  /** Writes w to {@code weights}. */
  static void fold(INDArray v, INDArray g, INDArray weights) {
    int channels = (int) v.size(0);
    int fanIn = (int) (v.length() / channels);
    double[] gain = read(g);
    HostLoop.overParts(
        channels,
        v.length(),
        (from, to) -> {
          double[] row = new double[fanIn];
          for (int o = from; o < to; o++) {
            HostCopy.read(v, (long) o * fanIn, fanIn, row);
            double scale = gain[o] / norm(row);
            for (int i = 0; i < fanIn; i++) {
              row[i] *= scale;
            }
            HostCopy.write(row, fanIn, weights, (long) o * fanIn);
          }
        });
  }

  /**
   * Writes the gradients of v and g given that of w.
   *
   * <p>With the unit vectors u = v / ||v||: dg = dw . u and dv = g / ||v|| (dw - dg u).
   */
  static void backward(
      INDArray v, INDArray g, INDArray weightGradient, INDArray vGradient, INDArray gGradient) {
    int channels = (int) v.size(0);
    int fanIn = (int) (v.length() / channels);
    double[] gain = read(g);
    double[] gainGradient = new double[channels];
    HostLoop.overParts(
        channels,
        v.length(),
        (from, to) -> {
          double[] row = new double[fanIn];
          double[] gradient = new double[fanIn];
          for (int o = from; o < to; o++) {
            HostCopy.read(v, (long) o * fanIn, fanIn, row);
            HostCopy.read(weightGradient, (long) o * fanIn, fanIn, gradient);
            double norm = norm(row);
            gainGradient[o] = dot(gradient, row) / norm;
            double scale = gain[o] / norm;
            double along = gainGradient[o] / norm;
            for (int i = 0; i < fanIn; i++) {
              gradient[i] = scale * (gradient[i] - along * row[i]);
            }
            HostCopy.write(gradient, fanIn, vGradient, (long) o * fanIn);
          }
        });
    HostCopy.write(gainGradient, channels, gGradient, 0);
  }

  private static double[] read(INDArray vector) {
    double[] values = new double[(int) vector.length()];
    HostCopy.read(vector, 0, values.length, values);
    return values;
  }

  private static double norm(double[] row) {
    return Math.sqrt(dot(row, row));
  }

  /** Four sums side by side, because one alone waits for each addition before the next. */
  private static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += a[i] * b[i];
    }
    return s0 + s1 + (s2 + s3);
  }
}
