package dev.fovea.pictures.decode;

/**
 * The inverse DCT of Loeffler, Ligtenberg and Moschytz in 32-bit integers with 13 bits of fraction,
 * the accurate one of libjpeg (jidctint), whose results it shares.
 */
final class JpegIdct {
  private static final int C_0_298 = 2446;
  private static final int C_0_390 = 3196;
  private static final int C_0_541 = 4433;
  private static final int C_0_765 = 6270;
  private static final int C_0_899 = 7373;
  private static final int C_1_175 = 9633;
  private static final int C_1_501 = 12299;
  private static final int C_1_847 = 15137;
  private static final int C_1_961 = 16069;
  private static final int C_2_053 = 16819;
  private static final int C_2_562 = 20995;
  private static final int C_3_072 = 25172;

  private JpegIdct() {}

  /**
   * Transforms a block, which is overwritten.
   *
   * @param b dequantised coefficients in natural order
   * @param occupied the natural indices of those that are not zero, or-ed
   */
  static void transform(int[] b, int occupied, byte[] out, int offset, int stride) {
    if (occupied == 0) {
      byte flat = clamp((b[0] + 4) >> 3);
      for (int row = 0, at = offset; row < 8; row++, at += stride) {
        for (int i = 0; i < 8; i++) {
          out[at + i] = flat;
        }
      }
      return;
    }
    boolean fourColumns = (occupied & 4) == 0;
    int columns = fourColumns ? 4 : 8;
    if ((occupied & 32) == 0) {
      for (int x = 0; x < columns; x++) {
        columnOfFour(b, x);
      }
    } else {
      for (int x = 0; x < columns; x++) {
        column(b, x);
      }
    }
    if (fourColumns) {
      for (int y = 0; y < 8; y++) {
        rowOfFour(b, 8 * y, out, offset + y * stride);
      }
    } else {
      for (int y = 0; y < 8; y++) {
        row(b, 8 * y, out, offset + y * stride);
      }
    }
  }

  /** {@link #column} where rows 4 to 7 are zero. */
  private static void columnOfFour(int[] b, int x) {
    int s0 = b[x];
    int s1 = b[x + 8];
    int s2 = b[x + 16];
    int s3 = b[x + 24];
    int z1 = s2 * C_0_541;
    int e3 = z1 + s2 * C_0_765;
    int e0 = s0 << 13;
    int t10 = e0 + e3 + (1 << 10);
    int t13 = e0 - e3 + (1 << 10);
    int t11 = e0 + z1 + (1 << 10);
    int t12 = e0 - z1 + (1 << 10);
    int z5 = (s3 + s1) * C_1_175;
    int y1 = -s1 * C_0_899;
    int y2 = -s3 * C_2_562;
    int y3 = -s3 * C_1_961 + z5;
    int y4 = -s1 * C_0_390 + z5;
    int o0 = y1 + y3;
    int o1 = y2 + y4;
    int o2 = s3 * C_3_072 + y2 + y3;
    int o3 = s1 * C_1_501 + y1 + y4;
    b[x] = (t10 + o3) >> 11;
    b[x + 56] = (t10 - o3) >> 11;
    b[x + 8] = (t11 + o2) >> 11;
    b[x + 48] = (t11 - o2) >> 11;
    b[x + 16] = (t12 + o1) >> 11;
    b[x + 40] = (t12 - o1) >> 11;
    b[x + 24] = (t13 + o0) >> 11;
    b[x + 32] = (t13 - o0) >> 11;
  }

  /** {@link #row} where columns 4 to 7 are zero. */
  private static void rowOfFour(int[] b, int y, byte[] out, int at) {
    int s0 = b[y];
    int s1 = b[y + 1];
    int s2 = b[y + 2];
    int s3 = b[y + 3];
    int z1 = s2 * C_0_541;
    int e3 = z1 + s2 * C_0_765;
    int e0 = s0 << 13;
    int t10 = e0 + e3 + (1 << 17);
    int t13 = e0 - e3 + (1 << 17);
    int t11 = e0 + z1 + (1 << 17);
    int t12 = e0 - z1 + (1 << 17);
    int z5 = (s3 + s1) * C_1_175;
    int y1 = -s1 * C_0_899;
    int y2 = -s3 * C_2_562;
    int y3 = -s3 * C_1_961 + z5;
    int y4 = -s1 * C_0_390 + z5;
    int o0 = y1 + y3;
    int o1 = y2 + y4;
    int o2 = s3 * C_3_072 + y2 + y3;
    int o3 = s1 * C_1_501 + y1 + y4;
    out[at] = clamp((t10 + o3) >> 18);
    out[at + 7] = clamp((t10 - o3) >> 18);
    out[at + 1] = clamp((t11 + o2) >> 18);
    out[at + 6] = clamp((t11 - o2) >> 18);
    out[at + 2] = clamp((t12 + o1) >> 18);
    out[at + 5] = clamp((t12 - o1) >> 18);
    out[at + 3] = clamp((t13 + o0) >> 18);
    out[at + 4] = clamp((t13 - o0) >> 18);
  }

  private static void column(int[] b, int x) {
    int s1 = b[x + 8];
    int s2 = b[x + 16];
    int s3 = b[x + 24];
    int s4 = b[x + 32];
    int s5 = b[x + 40];
    int s6 = b[x + 48];
    int s7 = b[x + 56];
    if ((s1 | s2 | s3 | s4 | s5 | s6 | s7) == 0) {
      int flat = b[x] << 2;
      b[x] = flat;
      b[x + 8] = flat;
      b[x + 16] = flat;
      b[x + 24] = flat;
      b[x + 32] = flat;
      b[x + 40] = flat;
      b[x + 48] = flat;
      b[x + 56] = flat;
      return;
    }
    int z1 = (s2 + s6) * C_0_541;
    int e2 = z1 - s6 * C_1_847;
    int e3 = z1 + s2 * C_0_765;
    int e0 = (b[x] + s4) << 13;
    int e1 = (b[x] - s4) << 13;
    int t10 = e0 + e3 + (1 << 10);
    int t13 = e0 - e3 + (1 << 10);
    int t11 = e1 + e2 + (1 << 10);
    int t12 = e1 - e2 + (1 << 10);
    int z5 = (s7 + s3 + s5 + s1) * C_1_175;
    int y1 = -(s7 + s1) * C_0_899;
    int y2 = -(s5 + s3) * C_2_562;
    int y3 = -(s7 + s3) * C_1_961 + z5;
    int y4 = -(s5 + s1) * C_0_390 + z5;
    int o0 = s7 * C_0_298 + y1 + y3;
    int o1 = s5 * C_2_053 + y2 + y4;
    int o2 = s3 * C_3_072 + y2 + y3;
    int o3 = s1 * C_1_501 + y1 + y4;
    b[x] = (t10 + o3) >> 11;
    b[x + 56] = (t10 - o3) >> 11;
    b[x + 8] = (t11 + o2) >> 11;
    b[x + 48] = (t11 - o2) >> 11;
    b[x + 16] = (t12 + o1) >> 11;
    b[x + 40] = (t12 - o1) >> 11;
    b[x + 24] = (t13 + o0) >> 11;
    b[x + 32] = (t13 - o0) >> 11;
  }

  private static void row(int[] b, int y, byte[] out, int at) {
    int s1 = b[y + 1];
    int s2 = b[y + 2];
    int s3 = b[y + 3];
    int s4 = b[y + 4];
    int s5 = b[y + 5];
    int s6 = b[y + 6];
    int s7 = b[y + 7];
    int z1 = (s2 + s6) * C_0_541;
    int e2 = z1 - s6 * C_1_847;
    int e3 = z1 + s2 * C_0_765;
    int e0 = (b[y] + s4) << 13;
    int e1 = (b[y] - s4) << 13;
    int t10 = e0 + e3 + (1 << 17);
    int t13 = e0 - e3 + (1 << 17);
    int t11 = e1 + e2 + (1 << 17);
    int t12 = e1 - e2 + (1 << 17);
    int z5 = (s7 + s3 + s5 + s1) * C_1_175;
    int y1 = -(s7 + s1) * C_0_899;
    int y2 = -(s5 + s3) * C_2_562;
    int y3 = -(s7 + s3) * C_1_961 + z5;
    int y4 = -(s5 + s1) * C_0_390 + z5;
    int o0 = s7 * C_0_298 + y1 + y3;
    int o1 = s5 * C_2_053 + y2 + y4;
    int o2 = s3 * C_3_072 + y2 + y3;
    int o3 = s1 * C_1_501 + y1 + y4;
    out[at] = clamp((t10 + o3) >> 18);
    out[at + 7] = clamp((t10 - o3) >> 18);
    out[at + 1] = clamp((t11 + o2) >> 18);
    out[at + 6] = clamp((t11 - o2) >> 18);
    out[at + 2] = clamp((t12 + o1) >> 18);
    out[at + 5] = clamp((t12 - o1) >> 18);
    out[at + 3] = clamp((t13 + o0) >> 18);
    out[at + 4] = clamp((t13 - o0) >> 18);
  }

  private static byte clamp(int value) {
    int sample = value + 128;
    // Seldom out of range, so a predicted branch beats a table.
    return (byte) ((sample & ~0xFF) == 0 ? sample : ~(sample >> 31));
  }
}
