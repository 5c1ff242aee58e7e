package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;

/** Undoes the five filters of PNG's rows. */
final class PngUnfilter {
  private PngUnfilter() {}

  /**
   * Undoes a row's filter.
   *
   * @param row the filter's number and the filtered bytes, which become the row's
   * @param above the row above, its first byte of no meaning; zeros above the first row
   * @throws RejectedPictureException if there is no such filter
   */
  static void undo(byte[] row, byte[] above, int pixelBytes) throws RejectedPictureException {
    switch (row[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = 1 + pixelBytes; i < row.length; i++) {
          row[i] += row[i - pixelBytes];
        }
      }
      case 2 -> {
        for (int i = 1; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        if (pixelBytes == 3) {
          unfilterMeanOfThree(row, above);
        } else {
          unfilterMean(row, above, pixelBytes);
        }
      }
      case 4 -> {
        if (pixelBytes == 3) {
          unfilterPaethOfThree(row, above);
        } else {
          unfilterPaeth(row, above, pixelBytes);
        }
      }
      default ->
          throw new RejectedPictureException(
              "PNG row with the unknown filter %d".formatted(row[0] & 0xFF));
    }
  }

  private static void unfilterMean(byte[] row, byte[] above, int pixelBytes) {
    int head = Math.min(row.length, 1 + pixelBytes);
    for (int i = 1; i < head; i++) {
      row[i] += (byte) ((above[i] & 0xFF) >> 1);
    }
    for (int i = head; i < row.length; i++) {
      row[i] += (byte) (((row[i - pixelBytes] & 0xFF) + (above[i] & 0xFF)) >> 1);
    }
  }

  /** The usual RGB of 8 bits, its neighbours kept in locals. */
  private static void unfilterMeanOfThree(byte[] row, byte[] above) {
    int red = 0;
    int green = 0;
    int blue = 0;
    for (int i = 1; i + 2 < row.length; i += 3) {
      red = (row[i] + ((red + (above[i] & 0xFF)) >> 1)) & 0xFF;
      green = (row[i + 1] + ((green + (above[i + 1] & 0xFF)) >> 1)) & 0xFF;
      blue = (row[i + 2] + ((blue + (above[i + 2] & 0xFF)) >> 1)) & 0xFF;
      row[i] = (byte) red;
      row[i + 1] = (byte) green;
      row[i + 2] = (byte) blue;
    }
  }

  private static void unfilterPaeth(byte[] row, byte[] above, int pixelBytes) {
    int head = Math.min(row.length, 1 + pixelBytes);
    for (int i = 1; i < head; i++) {
      row[i] += above[i];
    }
    for (int i = head; i < row.length; i++) {
      row[i] +=
          (byte) paeth(row[i - pixelBytes] & 0xFF, above[i] & 0xFF, above[i - pixelBytes] & 0xFF);
    }
  }

  /**
   * The usual RGB of 8 bits, its neighbours kept in locals: this is where most of the time goes.
   */
  private static void unfilterPaethOfThree(byte[] row, byte[] above) {
    int leftRed = 0;
    int leftGreen = 0;
    int leftBlue = 0;
    int cornerRed = 0;
    int cornerGreen = 0;
    int cornerBlue = 0;
    for (int i = 1; i + 2 < row.length; i += 3) {
      int red = above[i] & 0xFF;
      int green = above[i + 1] & 0xFF;
      int blue = above[i + 2] & 0xFF;
      leftRed = (row[i] + paeth(leftRed, red, cornerRed)) & 0xFF;
      leftGreen = (row[i + 1] + paeth(leftGreen, green, cornerGreen)) & 0xFF;
      leftBlue = (row[i + 2] + paeth(leftBlue, blue, cornerBlue)) & 0xFF;
      row[i] = (byte) leftRed;
      row[i + 1] = (byte) leftGreen;
      row[i + 2] = (byte) leftBlue;
      cornerRed = red;
      cornerGreen = green;
      cornerBlue = blue;
    }
  }

  private static int paeth(int left, int up, int corner) {
    int byLeft = Math.abs(up - corner);
    int byUp = Math.abs(left - corner);
    int byCorner = Math.abs(left + up - 2 * corner);
    if (byLeft <= byUp && byLeft <= byCorner) {
      return left;
    }
    return byUp <= byCorner ? up : corner;
  }
}
