package dev.fovea.pictures.decode;

/**
 * The means of 2 x 2 samples of a block, straight from its coefficients: the mean of two neighbours
 * of an 8-point transform is a 4-point transform of coefficients k and 8 - k folded together with
 * weights cos(k pi / 16) and -sin(k pi / 16). 13 bits of fraction, as in {@link JpegIdct}.
 */
final class JpegHalfIdct {
  // CM_K: sqrt(2) cos(M pi / 8) times the folding weight of coefficient K; C2_K the weight alone.
  private static final int C1_1 = 10498;
  private static final int C1_7 = 2088;
  private static final int C3_1 = 4348;
  private static final int C3_7 = 865;
  private static final int C1_3 = 8900;
  private static final int C1_5 = 5946;
  private static final int C3_3 = 3686;
  private static final int C3_5 = 2463;
  private static final int C2_2 = 7568;
  private static final int C2_6 = 3135;

  private JpegHalfIdct() {}

  /**
   * Transforms a block of 8x8, which is overwritten, into 4x4 samples.
   *
   * @param b dequantised coefficients in natural order
   * @param occupied the natural indices of those that are not zero, or-ed
   */
  static void transform(int[] b, int occupied, byte[] out, int offset, int stride) {
    if (occupied == 0) {
      byte flat = clamp((b[0] + 4) >> 3);
      for (int row = 0, at = offset; row < 4; row++, at += stride) {
        for (int i = 0; i < 4; i++) {
          out[at + i] = flat;
        }
      }
      return;
    }
    int columns = (occupied & 4) == 0 ? 4 : 8;
    for (int x = 0; x < columns; x++) {
      if (x != 4) {
        column(b, x);
      }
    }
    for (int y = 0; y < 4; y++) {
      row(b, 8 * y, out, offset + y * stride);
    }
  }

  private static void column(int[] b, int x) {
    int s1 = b[x + 8];
    int s2 = b[x + 16];
    int s3 = b[x + 24];
    int s5 = b[x + 40];
    int s6 = b[x + 48];
    int s7 = b[x + 56];
    int mean = (b[x] << 13) + (1 << 10);
    int even = s2 * C2_2 - s6 * C2_6;
    int outer = s1 * C1_1 - s7 * C1_7 + s3 * C3_3 - s5 * C3_5;
    int inner = s1 * C3_1 - s7 * C3_7 - s3 * C1_3 + s5 * C1_5;
    b[x] = (mean + even + outer) >> 11;
    b[x + 8] = (mean - even + inner) >> 11;
    b[x + 16] = (mean - even - inner) >> 11;
    b[x + 24] = (mean + even - outer) >> 11;
  }

  private static void row(int[] b, int y, byte[] out, int at) {
    int s1 = b[y + 1];
    int s2 = b[y + 2];
    int s3 = b[y + 3];
    int s5 = b[y + 5];
    int s6 = b[y + 6];
    int s7 = b[y + 7];
    int mean = (b[y] << 13) + (1 << 17);
    int even = s2 * C2_2 - s6 * C2_6;
    int outer = s1 * C1_1 - s7 * C1_7 + s3 * C3_3 - s5 * C3_5;
    int inner = s1 * C3_1 - s7 * C3_7 - s3 * C1_3 + s5 * C1_5;
    out[at] = clamp((mean + even + outer) >> 18);
    out[at + 1] = clamp((mean - even + inner) >> 18);
    out[at + 2] = clamp((mean - even - inner) >> 18);
    out[at + 3] = clamp((mean + even - outer) >> 18);
  }

  private static byte clamp(int value) {
    int sample = value + 128;
    return (byte) ((sample & ~0xFF) == 0 ? sample : ~(sample >> 31));
  }
}
