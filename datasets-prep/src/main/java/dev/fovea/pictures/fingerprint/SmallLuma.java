package dev.fovea.pictures.fingerprint;

import dev.fovea.pictures.picture.Picture;

/**
 * The luma of a picture averaged to a square, each pixel weighing by how much of it lies inside.
 */
final class SmallLuma {
  private SmallLuma() {}

  /** Row by row, 0 to 255; 16 bits count as their upper 8. */
  static double[] of(Picture picture, int side) {
    int width = picture.width();
    int height = picture.height();
    byte[] samples = picture.toEightBit().samples().toBytes().values();
    double[] square = new double[side * side];
    double[] sums = new double[width + 1];
    double[] row = new double[side];
    for (int y = 0; y < height; y++) {
      sumRow(samples, picture.grey(), y, width, sums);
      for (int bin = 0; bin < side; bin++) {
        row[bin] =
            (upTo(sums, (bin + 1.0) * width / side) - upTo(sums, (double) bin * width / side))
                * side
                / width;
      }
      double from = (double) y * side / height;
      double to = (double) (y + 1) * side / height;
      for (int bin = (int) from; bin < side && bin < to; bin++) {
        double covered = Math.min(to, bin + 1) - Math.max(from, bin);
        for (int x = 0; x < side; x++) {
          square[bin * side + x] += covered * row[x];
        }
      }
    }
    return square;
  }

  /** Sums of the row's luma from its beginning. */
  private static void sumRow(byte[] samples, boolean grey, int y, int width, double[] sums) {
    int at = y * width * (grey ? 1 : 3);
    double sum = 0;
    for (int x = 0; x < width; x++) {
      if (grey) {
        sum += samples[at++] & 0xFF;
      } else {
        sum +=
            0.299 * (samples[at] & 0xFF)
                + 0.587 * (samples[at + 1] & 0xFF)
                + 0.114 * (samples[at + 2] & 0xFF);
        at += 3;
      }
      sums[x + 1] = sum;
    }
  }

  /** The sum up to a column that need not be whole. */
  private static double upTo(double[] sums, double column) {
    int whole = Math.min((int) column, sums.length - 1);
    int next = Math.min(whole + 1, sums.length - 1);
    return sums[whole] + (column - whole) * (sums[next] - sums[whole]);
  }
}
