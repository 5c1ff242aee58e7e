package dev.fovea.audit;

import dev.fovea.picture.Planes;
import dev.fovea.resample.Imresize;

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
    java.util.Arrays.fill(between, 0);
    for (int k = 0; k < weights.length; k++) {
      float weight = weights[k];
      float[] row = rows[k];
      for (int i = 0; i < between.length; i++) {
        between[i] += weight * row[i];
      }
    }
    int width = between.length / channels;
    for (int x = 0; x < width; x++) {
      boolean inside = x >= REACH && x < width - REACH;
      for (int c = 0; c < channels; c++) {
        float sum = 0;
        for (int k = 0; k < weights.length; k++) {
          int at = x + k - REACH;
          sum += weights[k] * between[(inside ? at : mirrored(at, width)) * channels + c];
        }
        into[x * channels + c] = sum;
      }
    }
  }

  /** The index on a line that is mirrored at both ends, as often as needed. */
  static int mirrored(int index, int size) {
    int wrapped = Math.floorMod(index, 2 * size);
    return wrapped < size ? wrapped : 2 * size - 1 - wrapped;
  }
}
