package dev.fovea.jobs.upscaling.audit;

import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.resample.Imresize;
import java.util.Arrays;

/**
 * Bicubic enlarging by a whole number and reducing again, in one step. Away from the borders that
 * is the same sum of neighbours for every pixel, so that nothing has to be enlarged for it.
 */
final class RoundTrip {
  /** Both reach 2 pixels of the small picture. */
  static final int REACH = 4;

  private static final int IMPULSE = 33;

  private final float[] weights;

  private RoundTrip(float[] weights) {
    this.weights = weights;
  }

  static RoundTrip of(int ratio) {
    Planes impulse = Planes.zeros(1, 1, IMPULSE);
    impulse.samples()[IMPULSE / 2] = 1;
    Planes large = Imresize.bicubic(impulse, 1, IMPULSE * ratio);
    float[] response = Imresize.bicubic(large, 1, IMPULSE).samples();
    float[] weights = new float[2 * REACH + 1];
    System.arraycopy(response, IMPULSE / 2 - REACH, weights, 0, weights.length);
    return new RoundTrip(weights);
  }

  /**
   * A row of the round trip.
   *
   * @param rows the {@code 2 * REACH + 1} rows around it, interleaved
   * @param into receives as many samples
   */
  void row(float[][] rows, int channels, float[] between, float[] into) {
    Arrays.fill(between, 0);
    for (int k = 0; k < weights.length; k += 3) {
      addThree(rows[k], 0, rows[k + 1], 0, rows[k + 2], 0, k, between, 0, between.length);
    }
    int length = between.length;
    int border = Math.min(length, REACH * channels);
    Arrays.fill(into, 0);
    for (int k = 0; k < weights.length; k += 3) {
      int shift = (k - REACH) * channels;
      int inside = length - border;
      addThree(
          between,
          shift,
          between,
          shift + channels,
          between,
          shift + 2 * channels,
          k,
          into,
          border,
          inside);
    }
    for (int i = 0; i < border; i++) {
      into[i] = mirrored(between, channels, i);
      into[length - 1 - i] = mirrored(between, channels, length - 1 - i);
    }
  }

  /** Adds three weighted rows, each read some samples further on; a loop that becomes vectors. */
  private void addThree(
      float[] a,
      int shiftA,
      float[] b,
      int shiftB,
      float[] c,
      int shiftC,
      int k,
      float[] sum,
      int from,
      int to) {
    float weightA = weights[k];
    float weightB = weights[k + 1];
    float weightC = weights[k + 2];
    for (int i = from; i < to; i++) {
      sum[i] += weightA * a[i + shiftA] + weightB * b[i + shiftB] + weightC * c[i + shiftC];
    }
  }

  private float mirrored(float[] row, int channels, int at) {
    int x = at / channels;
    float sum = 0;
    for (int k = 0; k < weights.length; k++) {
      int from = mirrored(x + k - REACH, row.length / channels);
      sum += weights[k] * row[from * channels + at % channels];
    }
    return sum;
  }

  /** The index on a line that is mirrored at both ends, as often as needed. */
  static int mirrored(int index, int size) {
    int wrapped = Math.floorMod(index, 2 * size);
    return wrapped < size ? wrapped : 2 * size - 1 - wrapped;
  }
}
