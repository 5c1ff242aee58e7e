package dev.fovea.pictures.encode;

/**
 * Filters rows of PNG by the specification's heuristic: the smallest sum of absolute differences.
 * Not safe for use by several threads.
 */
final class PngFilter {
  private static final int LEFT = 1;
  private static final int MEAN = 3;
  private static final int PAETH = 4;

  /** Rows that {@link PngFiltering#FAST} filters alike. */
  private static final int ALIKE = 8;

  private final PngFiltering filtering;
  private final int pixelBytes;
  private byte[] row;
  private byte[] above;
  private byte[] best;
  private byte[] trial;
  private int rows;
  private int chosen;

  PngFilter(PngFiltering filtering, int pixelBytes, int rowBytes) {
    this.filtering = filtering;
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
    if (filtering == PngFiltering.ADAPTIVE) {
      choose(0, PAETH);
    } else if (rows % ALIKE == 0) {
      choose(LEFT, MEAN);
    } else {
      apply(chosen);
      exchange();
    }
    rows++;
    byte[] swapped = above;
    above = row;
    row = swapped;
    return best;
  }

  private void choose(int first, int last) {
    long smallest = Long.MAX_VALUE;
    for (int type = first; type <= last; type++) {
      apply(type);
      long sum = sum(trial);
      if (sum < smallest) {
        smallest = sum;
        chosen = type;
        exchange();
      }
    }
  }

  private void exchange() {
    byte[] swapped = best;
    best = trial;
    trial = swapped;
  }

  private static long sum(byte[] filtered) {
    long sum = 0;
    // Blocks keep the inner sum in an int, which the compiler turns into vectors.
    for (int from = 1; from < filtered.length; from += 1 << 16) {
      int end = Math.min(filtered.length, from + (1 << 16));
      int part = 0;
      for (int i = from; i < end; i++) {
        part += Math.abs(filtered[i]);
      }
      sum += part;
    }
    return sum;
  }

  /** One loop a filter, so that all but Paeth's become vectors. */
  private void apply(int type) {
    byte[] from = row;
    byte[] up = above;
    byte[] to = trial;
    int n = from.length;
    int bpp = pixelBytes;
    to[0] = (byte) type;
    switch (type) {
      case 0 -> System.arraycopy(from, 0, to, 1, n);
      case 1 -> {
        System.arraycopy(from, 0, to, 1, bpp);
        for (int i = bpp; i < n; i++) {
          to[i + 1] = (byte) (from[i] - from[i - bpp]);
        }
      }
      case 2 -> {
        for (int i = 0; i < n; i++) {
          to[i + 1] = (byte) (from[i] - up[i]);
        }
      }
      case 3 -> {
        for (int i = 0; i < bpp; i++) {
          to[i + 1] = (byte) (from[i] - ((up[i] & 0xFF) >> 1));
        }
        for (int i = bpp; i < n; i++) {
          to[i + 1] = (byte) (from[i] - (((from[i - bpp] & 0xFF) + (up[i] & 0xFF)) >> 1));
        }
      }
      default -> {
        for (int i = 0; i < bpp; i++) {
          to[i + 1] = (byte) (from[i] - up[i]);
        }
        for (int i = bpp; i < n; i++) {
          to[i + 1] =
              (byte) (from[i] - paeth(from[i - bpp] & 0xFF, up[i] & 0xFF, up[i - bpp] & 0xFF));
        }
      }
    }
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
