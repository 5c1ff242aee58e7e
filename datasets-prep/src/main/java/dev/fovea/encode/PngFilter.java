package dev.fovea.encode;

/**
 * Chooses, row by row, the PNG filter with the smallest sum of absolute differences, the
 * specification's heuristic. Not safe for use by several threads.
 */
final class PngFilter {
  private final int pixelBytes;
  private byte[] row;
  private byte[] above;
  private byte[] best;
  private byte[] trial;

  PngFilter(int pixelBytes, int rowBytes) {
    this.pixelBytes = pixelBytes;
    row = new byte[rowBytes];
    above = new byte[rowBytes];
    best = new byte[rowBytes + 1];
    trial = new byte[rowBytes + 1];
  }

  /** To be filled with the next row before {@link #filtered()}. */
  byte[] row() {
    return row;
  }

  /** The filter's number and the filtered row; valid until the next call. */
  byte[] filtered() {
    long smallest = Long.MAX_VALUE;
    for (int type = 0; type < 5; type++) {
      trial[0] = (byte) type;
      long sum = apply(type);
      if (sum < smallest) {
        smallest = sum;
        byte[] swapped = best;
        best = trial;
        trial = swapped;
      }
    }
    byte[] swapped = above;
    above = row;
    row = swapped;
    return best;
  }

  private long apply(int type) {
    long sum = 0;
    for (int i = 0; i < row.length; i++) {
      int left = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xFF;
      int up = above[i] & 0xFF;
      int predicted =
          switch (type) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) >> 1;
            default -> paeth(left, up, i < pixelBytes ? 0 : above[i - pixelBytes] & 0xFF);
          };
      byte difference = (byte) (row[i] - predicted);
      trial[i + 1] = difference;
      sum += Math.abs((int) difference);
    }
    return sum;
  }

  static int paeth(int left, int up, int corner) {
    int byLeft = Math.abs(up - corner);
    int byUp = Math.abs(left - corner);
    int byCorner = Math.abs(left + up - 2 * corner);
    if (byLeft <= byUp && byLeft <= byCorner) {
      return left;
    }
    return byUp <= byCorner ? up : corner;
  }
}
