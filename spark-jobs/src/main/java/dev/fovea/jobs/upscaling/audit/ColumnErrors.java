package dev.fovea.jobs.upscaling.audit;

import java.util.Arrays;

/**
 * Squared differences of interleaved rows, summed up column by column, a few rows at a time: loops
 * over whole rows become vectors, which sums over windows do not. Levels of 8 bits add up exactly.
 */
final class ColumnErrors {
  private final float[] sums;
  private final int shift;

  /**
   * @param length samples of a row
   * @param shift samples to the right at which the second row is read; where there is none, nothing
   *     is summed up
   */
  ColumnErrors(int length, int shift) {
    sums = new float[length];
    this.shift = shift;
  }

  int shift() {
    return shift;
  }

  /** Adds the squares of {@code a[i] - b[i + shift]}. */
  void add(float[] a, float[] b) {
    float[] to = sums;
    int by = shift;
    int end = Math.min(to.length, to.length - by);
    for (int i = Math.max(0, -by); i < end; i++) {
      float difference = a[i] - b[i + by];
      to[i] += difference * difference;
    }
  }

  /** All columns' sum of one of the interleaved channels. */
  double sum(int channel, int channels) {
    double sum = 0;
    for (int i = channel; i < sums.length; i += channels) {
      sum += sums[i];
    }
    return sum;
  }

  /**
   * {@link #sum} that also adds a share of each window's part to the window.
   *
   * @param width of a window in pixels; the last takes what is left
   * @param into has the windows from {@code first} on
   */
  double sumByWindow(
      int channel, int channels, int width, double share, double[] into, int first, int count) {
    double all = 0;
    for (int window = 0; window < count; window++) {
      int end = window < count - 1 ? (window + 1) * width * channels : sums.length;
      double sum = 0;
      for (int i = window * width * channels + channel; i < end; i += channels) {
        sum += sums[i];
      }
      into[first + window] += share * sum;
      all += sum;
    }
    return all;
  }

  /** Begins anew. */
  void clear() {
    Arrays.fill(sums, 0);
  }
}
