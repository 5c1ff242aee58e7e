package dev.fovea.pictures.decode;

/**
 * The means of 4 x 4 samples of a block, straight from its coefficients: in each direction the mean
 * of one half of an 8-point transform is the block's mean and a weighted sum of the odd
 * coefficients, that of the other half the difference. 13 bits of fraction, as in {@link JpegIdct}.
 */
final class JpegQuarterIdct {
  // sqrt(2) times the mean of the cosine over the first half.
  private static final int C1 = 7423;
  private static final int C3 = -2607;
  private static final int C5 = 1742;
  private static final int C7 = -1477;

  private JpegQuarterIdct() {}

  /**
   * Transforms a block of 8x8, which is overwritten, into 2x2 samples.
   *
   * @param b dequantised coefficients in natural order
   * @param occupied the natural indices of those that are not zero, or-ed
   */
  static void transform(int[] b, int occupied, byte[] out, int offset, int stride) {
    if (occupied == 0) {
      byte flat = clamp((b[0] + 4) >> 3);
      out[offset] = flat;
      out[offset + 1] = flat;
      out[offset + stride] = flat;
      out[offset + stride + 1] = flat;
      return;
    }
    column(b, 0);
    column(b, 1);
    column(b, 3);
    if ((occupied & 4) != 0) {
      column(b, 5);
      column(b, 7);
    }
    row(b, 0, out, offset);
    row(b, 8, out, offset + stride);
  }

  private static void column(int[] b, int x) {
    int mean = (b[x] << 13) + (1 << 10);
    int odd = b[x + 8] * C1 + b[x + 24] * C3 + b[x + 40] * C5 + b[x + 56] * C7;
    b[x] = (mean + odd) >> 11;
    b[x + 8] = (mean - odd) >> 11;
  }

  private static void row(int[] b, int y, byte[] out, int at) {
    int mean = (b[y] << 13) + (1 << 17);
    int odd = b[y + 1] * C1 + b[y + 3] * C3 + b[y + 5] * C5 + b[y + 7] * C7;
    out[at] = clamp((mean + odd) >> 18);
    out[at + 1] = clamp((mean - odd) >> 18);
  }

  /** A sample from its distance to the middle of the range. */
  static byte clamp(int value) {
    int sample = value + 128;
    return (byte) ((sample & ~0xFF) == 0 ? sample : ~(sample >> 31));
  }
}
