package dev.fovea.pictures.resample;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * MATLAB's {@code imresize} on integers, one row after the other: the direction that shrinks more
 * first (the columns where both shrink alike), each rounded. Holds only the rows of the result that
 * have begun. Not safe for use by several threads.
 */
final class IntegerRows {
  /** Takes finished rows. */
  interface Sink {
    /**
     * Takes a row.
     *
     * @param y of the result
     * @param levels whole numbers, one channel after the other; overwritten afterwards
     */
    void row(int y, float[] levels);
  }

  /** From here on floats are whole numbers. */
  private static final float WHOLE = 1 << 23;

  private final int channels;
  private final AxisWeights vertical;
  private final AxisWeights horizontal;
  private final boolean horizontalFirst;
  private final float largest;
  private final Sink sink;
  private final float[] narrowed;

  /** Sums of the rows from {@link #nextRow} on that have begun, and arrays to use again. */
  private final Deque<float[]> begun = new ArrayDeque<>();

  private final Deque<float[]> spare = new ArrayDeque<>();
  private int nextRow;
  private int rowsTaken;

  /**
   * @param bitDepth of the levels, 8 or 16
   */
  IntegerRows(
      int channels, int width, int height, int newWidth, int newHeight, int bitDepth, Sink sink) {
    this.channels = channels;
    vertical = AxisWeights.matlab(height, newHeight, Kernel.BICUBIC);
    horizontal = AxisWeights.matlab(width, newWidth, Kernel.BICUBIC);
    horizontalFirst = (long) newWidth * height < (long) newHeight * width;
    largest = (1 << bitDepth) - 1;
    this.sink = sink;
    narrowed = new float[Math.multiplyExact(newWidth, channels)];
  }

  /**
   * Takes the next row.
   *
   * @param levels whole numbers, interleaved
   */
  void put(float[] levels) {
    float[] row = levels;
    if (horizontalFirst) {
      alongRow(levels);
      row = narrowed;
    }
    int taps = vertical.taps();
    int y = rowsTaken++;
    int begins = nextRow;
    for (float[] sum : begun) {
      add(sum, row, begins++, y);
    }
    for (; begins < vertical.outputSize() && vertical.first(begins) <= y; begins++) {
      float[] sum = spare.isEmpty() ? new float[row.length] : spare.pop();
      java.util.Arrays.fill(sum, 0);
      begun.addLast(sum);
      add(sum, row, begins, y);
    }
    while (!begun.isEmpty() && vertical.first(nextRow) + taps - 1 <= y) {
      float[] sum = begun.removeFirst();
      finish(sum);
      spare.push(sum);
      nextRow++;
    }
  }

  private void add(float[] sum, float[] row, int output, int y) {
    float weight = vertical.weights()[output * vertical.taps() + y - vertical.first(output)];
    if (weight != 0) {
      for (int x = 0; x < row.length; x++) {
        sum[x] += weight * row[x];
      }
    }
  }

  private void finish(float[] sum) {
    round(sum);
    if (horizontalFirst) {
      sink.row(nextRow, sum);
    } else {
      alongRow(sum);
      sink.row(nextRow, narrowed);
    }
  }

  /** Resizes interleaved samples into channel after channel. */
  private void alongRow(float[] interleaved) {
    for (int channel = 0; channel < channels; channel++) {
      SeparableFilter.along(
          interleaved, channel, channels, horizontal, narrowed, channel * horizontal.outputSize());
    }
    round(narrowed);
  }

  /**
   * Half up, in arithmetic that becomes vectors, as conversions to integers and calls of floor do
   * not: adding 2^23 rounds to a whole number, and where that went up one is taken off again.
   * Differences are whole multiples of 2^-24, since what is rounded is at least a half.
   */
  private void round(float[] levels) {
    float most = largest;
    for (int i = 0; i < levels.length; i++) {
      float level = Math.max(0, Math.min(most, levels[i])) + 0.5f;
      float whole = (level + WHOLE) - WHOLE;
      levels[i] = whole - Math.max(0, Math.min(1, (whole - level) * (1 << 24)));
    }
  }
}
