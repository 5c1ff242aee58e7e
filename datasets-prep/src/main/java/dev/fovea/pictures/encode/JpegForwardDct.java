package dev.fovea.pictures.encode;

/**
 * The forward DCT of 8x8 samples in integers of 13 bits of fraction, the accurate one of libjpeg
 * (Loeffler, Ligtenberg and Moschytz), so that its coefficients are libjpeg's.
 */
final class JpegForwardDct {
  private static final int FIX_0_298 = 2446;
  private static final int FIX_0_390 = 3196;
  private static final int FIX_0_541 = 4433;
  private static final int FIX_0_765 = 6270;
  private static final int FIX_0_899 = 7373;
  private static final int FIX_1_175 = 9633;
  private static final int FIX_1_501 = 12299;
  private static final int FIX_1_847 = 15137;
  private static final int FIX_1_961 = 16069;
  private static final int FIX_2_053 = 16819;
  private static final int FIX_2_562 = 20995;
  private static final int FIX_3_072 = 25172;

  private JpegForwardDct() {}

  /** Replaces 64 samples of -128 to 127 by their coefficients times 8. */
  static void transform(int[] block) {
    for (int row = 0; row < 64; row += 8) {
      pass(block, row, 1, true);
    }
    for (int column = 0; column < 8; column++) {
      pass(block, column, 8, false);
    }
  }

  private static void pass(int[] b, int at, int step, boolean rows) {
    int sum07 = b[at] + b[at + 7 * step];
    int diff07 = b[at] - b[at + 7 * step];
    int sum16 = b[at + step] + b[at + 6 * step];
    int diff16 = b[at + step] - b[at + 6 * step];
    int sum25 = b[at + 2 * step] + b[at + 5 * step];
    int diff25 = b[at + 2 * step] - b[at + 5 * step];
    int sum34 = b[at + 3 * step] + b[at + 4 * step];
    int diff34 = b[at + 3 * step] - b[at + 4 * step];

    int even0 = sum07 + sum34;
    int even3 = sum07 - sum34;
    int even1 = sum16 + sum25;
    int even2 = sum16 - sum25;
    // Two bits of fraction are kept between the passes.
    b[at] = rows ? (even0 + even1) << 2 : (even0 + even1 + 2) >> 2;
    b[at + 4 * step] = rows ? (even0 - even1) << 2 : (even0 - even1 + 2) >> 2;
    int shift = rows ? 11 : 15;
    int half = 1 << (shift - 1);
    int shared = (even2 + even3) * FIX_0_541;
    b[at + 2 * step] = (shared + even3 * FIX_0_765 + half) >> shift;
    b[at + 6 * step] = (shared - even2 * FIX_1_847 + half) >> shift;

    int z1 = -(diff34 + diff07) * FIX_0_899;
    int z2 = -(diff25 + diff16) * FIX_2_562;
    int z5 = (diff34 + diff16 + diff25 + diff07) * FIX_1_175;
    int z3 = z5 - (diff34 + diff16) * FIX_1_961;
    int z4 = z5 - (diff25 + diff07) * FIX_0_390;
    b[at + 7 * step] = (diff34 * FIX_0_298 + z1 + z3 + half) >> shift;
    b[at + 5 * step] = (diff25 * FIX_2_053 + z2 + z4 + half) >> shift;
    b[at + 3 * step] = (diff16 * FIX_3_072 + z2 + z3 + half) >> shift;
    b[at + step] = (diff07 * FIX_1_501 + z1 + z4 + half) >> shift;
  }
}
