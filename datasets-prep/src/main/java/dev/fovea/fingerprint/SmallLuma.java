package dev.fovea.fingerprint;

import dev.fovea.picture.Picture;
import dev.fovea.picture.Samples;

/**
 * The luma of a picture averaged to a square, each pixel weighing by how much of it lies inside.
 */
final class SmallLuma {
  private SmallLuma() {}

  /** Row by row, 0 to 255; 16-bit pictures are taken by their upper bits. */
  static double[] of(Picture picture, int side) {
    int width = picture.width();
    int height = picture.height();
    Samples samples = picture.toEightBit().samples();
    double[] square = new double[side * side];
    double[] row = new double[side];
    for (int y = 0; y < height; y++) {
      fillRow(samples, picture.grey(), y, width, side, row);
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

  private static void fillRow(
      Samples samples, boolean grey, int y, int width, int side, double[] row) {
    java.util.Arrays.fill(row, 0);
    int at = y * width * (grey ? 1 : 3);
    double scale = (double) side / width;
    for (int x = 0; x < width; x++) {
      double luma;
      if (grey) {
        luma = samples.at(at++);
      } else {
        luma = 0.299 * samples.at(at) + 0.587 * samples.at(at + 1) + 0.114 * samples.at(at + 2);
        at += 3;
      }
      double from = x * scale;
      double to = (x + 1) * scale;
      for (int bin = (int) from; bin < side && bin < to; bin++) {
        row[bin] += (Math.min(to, bin + 1) - Math.max(from, bin)) * luma;
      }
    }
  }
}
