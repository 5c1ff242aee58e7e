package dev.fovea.jobs.evaluation.measure;

import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;

/**
 * The part of a picture with the most detail, where differences between upscalers can be seen.
 *
 * @param x left edge in pixels
 * @param y upper edge
 * @param width at most the picture's
 * @param height likewise
 */
public record DetailWindow(int x, int y, int width, int height) {
  /** Distance of the windows that are compared. */
  private static final int STRIDE = 16;

  /** The window of the given side, or the whole picture where it is smaller. */
  public static DetailWindow of(Picture picture, int side) {
    return of(picture, side, side);
  }

  /** The window of the given size, or less where the picture is smaller. */
  public static DetailWindow of(Picture picture, int mostWidth, int mostHeight) {
    int width = Math.min(mostWidth, picture.width());
    int height = Math.min(mostHeight, picture.height());
    double[][] detail = summedDetail(picture.toPlanes());
    DetailWindow best = new DetailWindow(0, 0, width, height);
    double most = -1;
    for (int y = 0; y + height <= picture.height(); y += STRIDE) {
      for (int x = 0; x + width <= picture.width(); x += STRIDE) {
        double inside =
            detail[y + height][x + width]
                - detail[y][x + width]
                - detail[y + height][x]
                + detail[y][x];
        if (inside > most) {
          most = inside;
          best = new DetailWindow(x, y, width, height);
        }
      }
    }
    return best;
  }

  public Picture of(Picture picture) {
    return picture.crop(x, y, width, height);
  }

  /** Sums of the green channel's differences over all rectangles from the upper left corner. */
  private static double[][] summedDetail(Planes planes) {
    int width = planes.width();
    int height = planes.height();
    float[] samples = planes.samples();
    int green = planes.channels() > 1 ? width * height : 0;
    double[][] sums = new double[height + 1][width + 1];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = green + y * width + x;
        double difference =
            (x > 0 ? Math.abs(samples[at] - samples[at - 1]) : 0)
                + (y > 0 ? Math.abs(samples[at] - samples[at - width]) : 0);
        sums[y + 1][x + 1] = sums[y][x + 1] + sums[y + 1][x] - sums[y][x] + difference;
      }
    }
    return sums;
  }
}
