package dev.fovea.pictures.decode;

import java.util.Arrays;

/**
 * The planes of a VP8 frame, whole macroblocks, with the border that prediction looks at: a row of
 * 127 above and a column of 129 to the left.
 */
final class Vp8Frame {
  final int macroblocksWide;
  final int macroblocksHigh;
  final byte[] y;
  final byte[] u;
  final byte[] v;
  final int yStride;
  final int uvStride;

  Vp8Frame(int width, int height) {
    macroblocksWide = (width + 15) >> 4;
    macroblocksHigh = (height + 15) >> 4;
    yStride = 16 * macroblocksWide + 1;
    uvStride = 8 * macroblocksWide + 1;
    y = plane(yStride, 16 * macroblocksHigh + 1);
    u = plane(uvStride, 8 * macroblocksHigh + 1);
    v = plane(uvStride, 8 * macroblocksHigh + 1);
  }

  /** Index of a luma sample. */
  int yAt(int column, int row) {
    return (row + 1) * yStride + column + 1;
  }

  /** Index of a chroma sample. */
  int uvAt(int column, int row) {
    return (row + 1) * uvStride + column + 1;
  }

  private static byte[] plane(int stride, int rows) {
    byte[] plane = new byte[Math.multiplyExact(stride, rows)];
    Arrays.fill(plane, 0, stride, (byte) 127);
    for (int row = 1; row < rows; row++) {
      plane[row * stride] = (byte) 129;
    }
    return plane;
  }
}
