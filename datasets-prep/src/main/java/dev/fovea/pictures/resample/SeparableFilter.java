package dev.fovea.pictures.resample;

/**
 * Applies weights down the columns, then along the rows, one output row at a time, so that the only
 * intermediate is one row. Keeps that row between calls: not safe for use by several threads.
 */
public final class SeparableFilter {
  private float[] row = new float[0];

  /** The last rows of bytes that were converted, by their number modulo the taps. */
  private float[][] window = new float[0][];

  private int converted;

  /**
   * Resizes planes.
   *
   * @param from {@code channels} planes of {@code vertical.inputSize()} rows of {@code
   *     horizontal.inputSize()} samples from {@code fromOffset} on
   * @param rounding done after the columns and again after the rows
   * @param to receives as many planes of the output sizes from {@code toOffset} on; not {@code
   *     from}
   */
  public void apply(
      float[] from,
      int fromOffset,
      int channels,
      AxisWeights vertical,
      AxisWeights horizontal,
      Rounding rounding,
      float[] to,
      int toOffset) {
    int width = horizontal.inputSize();
    int plane = width * vertical.inputSize();
    int target = toOffset;
    row = row.length < width ? new float[width] : row;
    for (int channel = 0; channel < channels; channel++) {
      for (int y = 0; y < vertical.outputSize(); y++) {
        column(from, fromOffset + channel * plane, width, vertical, y);
        rounding.apply(row, 0, width);
        along(row, 0, 1, horizontal, to, target);
        rounding.apply(to, target, horizontal.outputSize());
        target += horizontal.outputSize();
      }
    }
  }

  /**
   * Resizes a window of interleaved bytes into planes from 0 to 1.
   *
   * @param from unsigned bytes, {@code channels} a pixel
   * @param fromOffset index of the window's first byte
   * @param fromStride bytes from a row to the next
   * @param to receives {@code channels} planes of the output sizes from {@code toOffset} on
   */
  public void applyToBytes(
      byte[] from,
      int fromOffset,
      int fromStride,
      int channels,
      AxisWeights vertical,
      AxisWeights horizontal,
      float[] to,
      int toOffset) {
    int width = horizontal.inputSize() * channels;
    int plane = vertical.outputSize() * horizontal.outputSize();
    row = row.length < width ? new float[width] : row;
    openWindow(vertical.taps(), width);
    for (int y = 0; y < vertical.outputSize(); y++) {
      columnOfBytes(from, fromOffset, fromStride, width, vertical, y);
      for (int channel = 0; channel < channels; channel++) {
        int target = toOffset + channel * plane + y * horizontal.outputSize();
        along(row, channel, channels, horizontal, to, target);
      }
    }
  }

  private void column(float[] from, int offset, int width, AxisWeights vertical, int y) {
    float[] sum = row;
    int taps = vertical.taps();
    for (int k = 0; k < taps; k++) {
      float weight = vertical.weights()[y * taps + k];
      int start = offset + (vertical.first(y) + k) * width;
      if (k == 0) {
        for (int x = 0; x < width; x++) {
          sum[x] = weight * from[start + x];
        }
      } else if (weight != 0) {
        for (int x = 0; x < width; x++) {
          sum[x] += weight * from[start + x];
        }
      }
    }
  }

  private void columnOfBytes(
      byte[] from, int offset, int stride, int width, AxisWeights vertical, int y) {
    int taps = vertical.taps();
    int w = y * taps;
    float[] weights = vertical.weights();
    int first = vertical.first(y);
    for (; converted < first + taps; converted++) {
      toFloats(from, offset + converted * stride, width, window[converted % taps]);
    }
    java.util.Arrays.fill(row, 0, width, 0f);
    int k = 0;
    for (; k + 4 <= taps; k += 4) {
      addFour(
          window[(first + k) % taps],
          window[(first + k + 1) % taps],
          window[(first + k + 2) % taps],
          window[(first + k + 3) % taps],
          width,
          weights,
          w + k,
          row);
    }
    for (; k < taps; k++) {
      float weight = weights[w + k] / 255f;
      if (weight != 0) {
        addOne(window[(first + k) % taps], width, weight, row);
      }
    }
  }

  /** Empties the window, whose rows are at least as many and as long as asked for. */
  private void openWindow(int rows, int width) {
    if (window.length < rows || window[0].length < width) {
      window = new float[rows][Math.max(width, window.length == 0 ? 0 : window[0].length)];
    }
    converted = 0;
  }

  /** A byte serves several rows of the result; floats are added up in vectors. */
  private static void toFloats(byte[] from, int start, int width, float[] to) {
    for (int x = 0; x < width; x++) {
      to[x] = from[start + x] & 0xFF;
    }
  }

  private static void addOne(float[] from, int width, float weight, float[] sum) {
    for (int x = 0; x < width; x++) {
      sum[x] += weight * from[x];
    }
  }

  private static void addFour(
      float[] first,
      float[] second,
      float[] third,
      float[] fourth,
      int width,
      float[] weights,
      int w,
      float[] sum) {
    float a = weights[w] / 255f;
    float b = weights[w + 1] / 255f;
    float c = weights[w + 2] / 255f;
    float d = weights[w + 3] / 255f;
    for (int x = 0; x < width; x++) {
      sum[x] += a * first[x] + b * second[x] + (c * third[x] + d * fourth[x]);
    }
  }

  /**
   * Resizes one row of a channel.
   *
   * @param start index of its first sample, the others {@code step} apart
   * @param target index in {@code to} of the first result, the others following it
   */
  static void along(
      float[] row, int start, int step, AxisWeights horizontal, float[] to, int target) {
    int taps = horizontal.taps();
    switch (taps) {
      case 3 -> alongThree(row, start, step, horizontal, to, target);
      case 5 -> alongFive(row, start, step, horizontal, to, target);
      default -> {
        float[] weights = horizontal.weights();
        int w = 0;
        for (int x = 0; x < horizontal.outputSize(); x++) {
          int index = start + horizontal.first(x) * step;
          float sum = 0;
          int k = 0;
          for (; k + 4 <= taps; k += 4, w += 4, index += 4 * step) {
            sum +=
                weights[w] * row[index]
                    + weights[w + 1] * row[index + step]
                    + (weights[w + 2] * row[index + 2 * step]
                        + weights[w + 3] * row[index + 3 * step]);
          }
          for (; k < taps; k++, w++, index += step) {
            sum += weights[w] * row[index];
          }
          to[target + x] = sum;
        }
      }
    }
  }

  /** Bilinear enlarging. */
  private static void alongThree(
      float[] row, int start, int step, AxisWeights horizontal, float[] to, int target) {
    float[] weights = horizontal.weights();
    for (int x = 0; x < horizontal.outputSize(); x++) {
      int index = start + horizontal.first(x) * step;
      to[target + x] =
          weights[3 * x] * row[index]
              + weights[3 * x + 1] * row[index + step]
              + weights[3 * x + 2] * row[index + 2 * step];
    }
  }

  /** Bilinear shrinking to a half at most, bicubic enlarging. */
  private static void alongFive(
      float[] row, int start, int step, AxisWeights horizontal, float[] to, int target) {
    float[] weights = horizontal.weights();
    for (int x = 0; x < horizontal.outputSize(); x++) {
      int index = start + horizontal.first(x) * step;
      to[target + x] =
          weights[5 * x] * row[index]
              + weights[5 * x + 1] * row[index + step]
              + weights[5 * x + 2] * row[index + 2 * step]
              + weights[5 * x + 3] * row[index + 3 * step]
              + weights[5 * x + 4] * row[index + 4 * step];
    }
  }
}
