package dev.fovea.pictures.decode;

/**
 * The decoded samples of one colour, as far as a region needs them: two rows of units in a ring,
 * from which full-size rows are read. Chroma is interpolated as libjpeg-turbo does ("fancy
 * upsampling"): the triangle filter at half size, repetition at other sizes.
 */
final class JpegPlane {
  private final byte[] samples;
  private final int stride;

  /** Blocks whose samples are needed, the last ones excluded. */
  final int firstBlockX;

  final int endBlockX;
  final int firstBlockY;
  final int endBlockY;

  private final int hMax;
  private final int vMax;

  /** Samples along a side of a block: 8, or less where the picture is reduced. */
  private final int blockSize;

  /** Sampling factors in relation to the scaled picture. */
  private final int h;

  private final int v;

  /** Samples that belong to the scaled picture. */
  private final int width;

  private final int height;
  private final int ringRows;
  private final boolean halfWidth;
  private final boolean halfHeight;

  /** The first sample column an upsampled row begins with. */
  private final int firstColumn;

  private final int columns;
  private final byte[] upsampled;

  JpegPlane(JpegComponent component, JpegFrame frame, Region region, JpegScale scale) {
    hMax = frame.hMax;
    vMax = frame.vMax;
    // Chroma that is stored smaller is reduced less.
    int spared = 1;
    while (2 * spared * scale.blockSize() <= 8
        && 2 * spared * component.h <= hMax
        && 2 * spared * component.v <= vMax) {
      spared *= 2;
    }
    blockSize = spared * scale.blockSize();
    h = spared * component.h;
    v = spared * component.v;
    width = (scale.of(frame.width) * h + hMax - 1) / hMax;
    height = (scale.of(frame.height) * v + vMax - 1) / vMax;
    boolean wholeWidth = h == hMax;
    boolean wholeHeight = v == vMax;
    halfWidth = 2 * h == hMax && width > 2;
    halfHeight = 2 * v == vMax && (wholeWidth || halfWidth);
    int x0 = sampleX(region.x());
    int x1 = sampleX(region.right() - 1);
    int y0 = sampleY(region.y());
    int y1 = sampleY(region.bottom() - 1);
    firstColumn = x0;
    columns = x1 - x0 + 1;
    firstBlockX = Math.max(0, x0 - 1) / blockSize;
    endBlockX = Math.min(width - 1, x1 + 1) / blockSize + 1;
    firstBlockY = Math.max(0, y0 - 1) / blockSize;
    endBlockY = Math.min(height - 1, y1 + 1) / blockSize + 1;
    ringRows = 2 * blockSize * component.v;
    stride = blockSize * (endBlockX - firstBlockX);
    samples = new byte[ringRows * stride];
    upsampled = wholeWidth && wholeHeight ? null : new byte[Math.max(region.width(), 2 * columns)];
  }

  /** Whether a block gives one sample, for which its mean suffices. */
  boolean wantsMeans() {
    return blockSize == 1;
  }

  boolean wantsColumn(int blockX) {
    return blockX >= firstBlockX && blockX < endBlockX;
  }

  boolean wantsRow(int blockY) {
    return blockY >= firstBlockY && blockY < endBlockY;
  }

  /** Transforms a block's coefficients into its place. */
  void transform(int[] block, int occupied, int blockX, int blockY) {
    int at = blockSize * blockY % ringRows * stride + blockSize * (blockX - firstBlockX);
    switch (blockSize) {
      case 8 -> JpegIdct.transform(block, occupied, samples, at, stride);
      case 4 -> JpegHalfIdct.transform(block, occupied, samples, at, stride);
      case 2 -> JpegQuarterIdct.transform(block, occupied, samples, at, stride);
      default -> samples[at] = JpegQuarterIdct.clamp((block[0] + 4) >> 3);
    }
  }

  /** The array that holds a full-size row, which begins at {@link #rowStart}. */
  byte[] row(int y, Region region) {
    if (upsampled == null) {
      return samples;
    }
    int center = sampleY(y);
    if (halfWidth || halfHeight) {
      int neighbour = center;
      if (halfHeight) {
        boolean lower = (y & 1) == 1;
        neighbour = Math.max(0, Math.min(height - 1, lower ? center + 1 : center - 1));
      }
      if (halfWidth && v == vMax) {
        widen(rowOffset(center));
      } else if (halfWidth && halfHeight) {
        widenBetween(rowOffset(center), rowOffset(neighbour));
      } else if (halfHeight) {
        between(rowOffset(center), rowOffset(neighbour), (y & 1) == 1 ? 2 : 1);
      } else {
        widen(rowOffset(center));
      }
    } else {
      int from = rowOffset(center);
      for (int i = 0; i < region.width(); i++) {
        upsampled[i] = samples[from + sampleX(region.x() + i)];
      }
    }
    return upsampled;
  }

  /** Where in {@link #row} the region's first column stands. */
  int rowStart(int y, Region region) {
    if (upsampled == null) {
      return rowOffset(y) + region.x();
    }
    return halfWidth ? region.x() - 2 * firstColumn : 0;
  }

  private int sampleX(int x) {
    return h == hMax ? x : x * h / hMax;
  }

  private int sampleY(int y) {
    return v == vMax ? y : y * v / vMax;
  }

  /** What is to be added to a column's number for its place in the ring. */
  private int rowOffset(int row) {
    return row % ringRows * stride - blockSize * firstBlockX;
  }

  /** Twice the columns: 3/4 of the nearer sample and 1/4 of the further one. */
  private void widen(int from) {
    int last = width - 1;
    for (int i = 0, x = firstColumn; i < columns; i++, x++) {
      int here = 3 * (samples[from + x] & 0xFF);
      int before = x == 0 ? 0 : samples[from + x - 1] & 0xFF;
      int after = x == last ? 0 : samples[from + x + 1] & 0xFF;
      upsampled[2 * i] = (byte) (x == 0 ? here / 3 : (here + before + 1) >> 2);
      upsampled[2 * i + 1] = (byte) (x == last ? here / 3 : (here + after + 2) >> 2);
    }
  }

  /** Twice the columns of a row that lies a quarter of the way to a neighbour. */
  private void widenBetween(int near, int far) {
    byte[] from = samples;
    byte[] to = upsampled;
    int last = width - 1;
    int here = sum(from, near, far, firstColumn);
    int before = firstColumn == 0 ? here : sum(from, near, far, firstColumn - 1);
    int inner = Math.min(columns, last - firstColumn);
    for (int i = 0; i < inner; i++) {
      int x = firstColumn + 1 + i;
      int after = 3 * (from[near + x] & 0xFF) + (from[far + x] & 0xFF);
      to[2 * i] = (byte) ((3 * here + before + 8) >> 4);
      to[2 * i + 1] = (byte) ((3 * here + after + 7) >> 4);
      before = here;
      here = after;
    }
    if (inner < columns) {
      to[2 * inner] = (byte) ((3 * here + before + 8) >> 4);
      to[2 * inner + 1] = (byte) ((4 * here + 7) >> 4);
    }
  }

  private static int sum(byte[] from, int near, int far, int x) {
    return 3 * (from[near + x] & 0xFF) + (from[far + x] & 0xFF);
  }

  private void between(int near, int far, int bias) {
    for (int i = 0, x = firstColumn; i < columns; i++, x++) {
      upsampled[i] =
          (byte) ((3 * (samples[near + x] & 0xFF) + (samples[far + x] & 0xFF) + bias) >> 2);
    }
  }
}
