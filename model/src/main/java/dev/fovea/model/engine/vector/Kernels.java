package dev.fovea.model.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops that take the time. All channels are counted in groups of {@link #GROUP}.
 *
 * <p>They are written for C2 of Java 17: vectors stay within a method, since one that is handed to
 * another is boxed where that is not inlined; nothing is unrolled but the register tile.
 */
final class Kernels {
  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() >= FloatVector.SPECIES_512.length()
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_256;
  private static final int LANES = SPECIES.length();

  /** Channels of a group: what channels are padded to, and what a row of packed input holds. */
  static final int GROUP = 16;

  /** Rows of the register tile, and of a pack of rows of a matrix. */
  static final int ROWS = 6;

  /** Floats that a pack of rows has for each group of channels. */
  static final int PACK = ROWS * GROUP;

  /**
   * Channels that a transform takes at a time, so that what lies between its passes stays in L1.
   */
  static final int BLOCK = 64;

  private static final int SIDE = Winograd.SIDE;

  private Kernels() {}

  /** Bits of the vectors that this processor prefers; computing needs 256 or more. */
  static int preferredBits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /** Columns that a panel of kernels beginning at a column has, of so many. */
  static int panel(int column, int columns) {
    return Math.min(2 * LANES, columns - column);
  }

  /**
   * The product of matrices, without a sum that depends on how rows are divided.
   *
   * @param a packed: for each six rows, for each group of the depth, a row of it for each of the
   *     six
   * @param rows a multiple of six
   * @param b in panels of columns, one after another: for each of the depth a row of the panel
   * @param out row by row
   */
  static void multiply(
      float[] a,
      int aFrom,
      int rows,
      int depth,
      float[] b,
      int bFrom,
      int columns,
      float[] out,
      int outFrom) {
    for (int j = 0; j < columns; j += 2 * LANES) {
      boolean wide = panel(j, columns) == 2 * LANES;
      for (int row = 0; row < rows; row += ROWS) {
        int from = aFrom + row * depth;
        int to = outFrom + row * columns + j;
        if (wide) {
          multiplyWide(a, from, depth, b, bFrom + j * depth, out, to, columns);
        } else {
          multiplyNarrow(a, from, depth, b, bFrom + j * depth, out, to, columns);
        }
      }
    }
  }

  /** Six rows by two vectors, in registers. */
  private static void multiplyWide(
      float[] a, int aFrom, int depth, float[] b, int bFrom, float[] out, int outFrom, int stride) {
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = c00;
    FloatVector c10 = c00;
    FloatVector c11 = c00;
    FloatVector c20 = c00;
    FloatVector c21 = c00;
    FloatVector c30 = c00;
    FloatVector c31 = c00;
    FloatVector c40 = c00;
    FloatVector c41 = c00;
    FloatVector c50 = c00;
    FloatVector c51 = c00;
    for (int group = 0; group < depth / GROUP; group++) {
      int i = aFrom + group * PACK;
      int j = bFrom + group * GROUP * 2 * LANES;
      for (int k = 0; k < GROUP; k++) {
        FloatVector b0 = FloatVector.fromArray(SPECIES, b, j + k * 2 * LANES);
        FloatVector b1 = FloatVector.fromArray(SPECIES, b, j + k * 2 * LANES + LANES);
        FloatVector x = FloatVector.broadcast(SPECIES, a[i + k]);
        c00 = x.fma(b0, c00);
        c01 = x.fma(b1, c01);
        x = FloatVector.broadcast(SPECIES, a[i + k + GROUP]);
        c10 = x.fma(b0, c10);
        c11 = x.fma(b1, c11);
        x = FloatVector.broadcast(SPECIES, a[i + k + 2 * GROUP]);
        c20 = x.fma(b0, c20);
        c21 = x.fma(b1, c21);
        x = FloatVector.broadcast(SPECIES, a[i + k + 3 * GROUP]);
        c30 = x.fma(b0, c30);
        c31 = x.fma(b1, c31);
        x = FloatVector.broadcast(SPECIES, a[i + k + 4 * GROUP]);
        c40 = x.fma(b0, c40);
        c41 = x.fma(b1, c41);
        x = FloatVector.broadcast(SPECIES, a[i + k + 5 * GROUP]);
        c50 = x.fma(b0, c50);
        c51 = x.fma(b1, c51);
      }
    }
    c00.intoArray(out, outFrom);
    c01.intoArray(out, outFrom + LANES);
    c10.intoArray(out, outFrom + stride);
    c11.intoArray(out, outFrom + stride + LANES);
    c20.intoArray(out, outFrom + 2 * stride);
    c21.intoArray(out, outFrom + 2 * stride + LANES);
    c30.intoArray(out, outFrom + 3 * stride);
    c31.intoArray(out, outFrom + 3 * stride + LANES);
    c40.intoArray(out, outFrom + 4 * stride);
    c41.intoArray(out, outFrom + 4 * stride + LANES);
    c50.intoArray(out, outFrom + 5 * stride);
    c51.intoArray(out, outFrom + 5 * stride + LANES);
  }

  /** Six rows by one vector, which is what 512 bits leave of an odd number of groups. */
  private static void multiplyNarrow(
      float[] a, int aFrom, int depth, float[] b, int bFrom, float[] out, int outFrom, int stride) {
    FloatVector c0 = FloatVector.zero(SPECIES);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    FloatVector c4 = c0;
    FloatVector c5 = c0;
    for (int group = 0; group < depth / GROUP; group++) {
      int i = aFrom + group * PACK;
      int j = bFrom + group * GROUP * LANES;
      for (int k = 0; k < GROUP; k++) {
        FloatVector x = FloatVector.fromArray(SPECIES, b, j + k * LANES);
        c0 = FloatVector.broadcast(SPECIES, a[i + k]).fma(x, c0);
        c1 = FloatVector.broadcast(SPECIES, a[i + k + GROUP]).fma(x, c1);
        c2 = FloatVector.broadcast(SPECIES, a[i + k + 2 * GROUP]).fma(x, c2);
        c3 = FloatVector.broadcast(SPECIES, a[i + k + 3 * GROUP]).fma(x, c3);
        c4 = FloatVector.broadcast(SPECIES, a[i + k + 4 * GROUP]).fma(x, c4);
        c5 = FloatVector.broadcast(SPECIES, a[i + k + 5 * GROUP]).fma(x, c5);
      }
    }
    c0.intoArray(out, outFrom);
    c1.intoArray(out, outFrom + stride);
    c2.intoArray(out, outFrom + 2 * stride);
    c3.intoArray(out, outFrom + 3 * stride);
    c4.intoArray(out, outFrom + 4 * stride);
    c5.intoArray(out, outFrom + 5 * stride);
  }

  /**
   * {@code B'} of F(6, 3) along one dimension of a tile, for some groups of channels.
   *
   * @param step between the eight samples
   * @param outStep between the eight sums
   * @param outGroup between the groups of a sum; those of a sample adjoin
   */
  static void transformInput(
      float[] in, int from, int step, int groups, float[] out, int to, int outStep, int outGroup) {
    FloatVector a = FloatVector.broadcast(SPECIES, 5.25f);
    FloatVector b = FloatVector.broadcast(SPECIES, -4.25f);
    FloatVector c = FloatVector.broadcast(SPECIES, -1.25f);
    FloatVector d = FloatVector.broadcast(SPECIES, -2.5f);
    FloatVector half = FloatVector.broadcast(SPECIES, .5f);
    FloatVector quarter = FloatVector.broadcast(SPECIES, .25f);
    FloatVector two = FloatVector.broadcast(SPECIES, 2);
    FloatVector four = FloatVector.broadcast(SPECIES, 4);
    for (int group = 0; group < groups; group++) {
      for (int lane = 0; lane < GROUP; lane += LANES) {
        int i = from + group * GROUP + lane;
        int o = to + group * outGroup + lane;
        FloatVector x1 = FloatVector.fromArray(SPECIES, in, i + step);
        FloatVector x2 = FloatVector.fromArray(SPECIES, in, i + 2 * step);
        FloatVector x3 = FloatVector.fromArray(SPECIES, in, i + 3 * step);
        FloatVector x4 = FloatVector.fromArray(SPECIES, in, i + 4 * step);
        FloatVector x5 = FloatVector.fromArray(SPECIES, in, i + 5 * step);
        FloatVector x6 = FloatVector.fromArray(SPECIES, in, i + 6 * step);
        FloatVector x0 = FloatVector.fromArray(SPECIES, in, i);
        a.fma(x4.sub(x2), x0.sub(x6)).intoArray(out, o);
        FloatVector x7 = FloatVector.fromArray(SPECIES, in, i + 7 * step);
        a.fma(x3.sub(x5), x7.sub(x1)).intoArray(out, o + 7 * outStep);
        FloatVector even = b.fma(x4, x2.add(x6));
        FloatVector odd = b.fma(x3, x1.add(x5));
        even.add(odd).intoArray(out, o + outStep);
        even.sub(odd).intoArray(out, o + 2 * outStep);
        even = quarter.fma(x2, c.fma(x4, x6));
        odd = two.fma(x5, d.fma(x3, half.mul(x1)));
        even.add(odd).intoArray(out, o + 3 * outStep);
        even.sub(odd).intoArray(out, o + 4 * outStep);
        even = four.fma(c.fma(x4, x2), x6);
        odd = two.fma(x1, d.fma(x3, half.mul(x5)));
        even.add(odd).intoArray(out, o + 5 * outStep);
        even.sub(odd).intoArray(out, o + 6 * outStep);
      }
    }
  }

  /**
   * {@code A'} of F(6, 3) along one dimension of a tile, for some channels that adjoin.
   *
   * @param step between the eight products
   * @param outStep between the six sums
   */
  static void transformOutput(
      float[] in, int from, int step, int channels, float[] out, int to, int outStep) {
    FloatVector two = FloatVector.broadcast(SPECIES, 2);
    FloatVector four = FloatVector.broadcast(SPECIES, 4);
    FloatVector eight = FloatVector.broadcast(SPECIES, 8);
    FloatVector sixteen = FloatVector.broadcast(SPECIES, 16);
    FloatVector thirtyTwo = FloatVector.broadcast(SPECIES, 32);
    FloatVector half = FloatVector.broadcast(SPECIES, 1f / 2);
    FloatVector quarter = FloatVector.broadcast(SPECIES, 1f / 4);
    FloatVector eighth = FloatVector.broadcast(SPECIES, 1f / 8);
    FloatVector sixteenth = FloatVector.broadcast(SPECIES, 1f / 16);
    FloatVector thirtySecond = FloatVector.broadcast(SPECIES, 1f / 32);
    for (int channel = 0; channel < channels; channel += LANES) {
      int i = from + channel;
      int o = to + channel;
      FloatVector m1 = FloatVector.fromArray(SPECIES, in, i + step);
      FloatVector m2 = FloatVector.fromArray(SPECIES, in, i + 2 * step);
      FloatVector m3 = FloatVector.fromArray(SPECIES, in, i + 3 * step);
      FloatVector m4 = FloatVector.fromArray(SPECIES, in, i + 4 * step);
      FloatVector m5 = FloatVector.fromArray(SPECIES, in, i + 5 * step);
      FloatVector m6 = FloatVector.fromArray(SPECIES, in, i + 6 * step);
      FloatVector p = m1.add(m2);
      FloatVector q = m1.sub(m2);
      FloatVector r = m3.add(m4);
      FloatVector s = m3.sub(m4);
      FloatVector u = m5.add(m6);
      FloatVector w = m5.sub(m6);
      FloatVector m0 = FloatVector.fromArray(SPECIES, in, i);
      m0.add(p).add(r).add(u).intoArray(out, o);
      half.fma(w, two.fma(s, q)).intoArray(out, o + outStep);
      quarter.fma(u, four.fma(r, p)).intoArray(out, o + 2 * outStep);
      eighth.fma(w, eight.fma(s, q)).intoArray(out, o + 3 * outStep);
      sixteenth.fma(u, sixteen.fma(r, p)).intoArray(out, o + 4 * outStep);
      FloatVector m7 = FloatVector.fromArray(SPECIES, in, i + 7 * step);
      thirtySecond.fma(w, thirtyTwo.fma(s, q)).add(m7).intoArray(out, o + 5 * outStep);
    }
  }

  /** Writes {@code in + bias}. */
  static void store(
      float[] in, int from, float[] bias, int biasFrom, int channels, float[] out, int to) {
    for (int i = 0; i < channels; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i);
      x.add(FloatVector.fromArray(SPECIES, bias, biasFrom + i)).intoArray(out, to + i);
    }
  }

  /** Adds {@code in + bias} to what is there. */
  static void add(
      float[] in, int from, float[] bias, int biasFrom, int channels, float[] out, int to) {
    for (int i = 0; i < channels; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i);
      x.add(FloatVector.fromArray(SPECIES, bias, biasFrom + i))
          .add(FloatVector.fromArray(SPECIES, out, to + i))
          .intoArray(out, to + i);
    }
  }

  /**
   * Writes {@code x sigmoid(x)} of {@code x = in + bias}. With {@code e = exp(-|x|)} the sigmoid is
   * {@code 1 / (1 + e)}, or {@code e / (1 + e)} below 0. The exponential is that of Cephes, within
   * two units in the last place: {@code 2^n exp(r)}, {@code |r| <= ln 2 / 2}, a polynomial of
   * degree 7.
   */
  @SuppressWarnings("FloatingPointLiteralPrecision") // as published
  static void silu(
      float[] in, int from, float[] bias, int biasFrom, int channels, float[] out, int to) {
    // Added to a number below 2^22 it leaves the nearest integer in the low bits.
    FloatVector magic = FloatVector.broadcast(SPECIES, 0x1.8p23f);
    FloatVector log2e = FloatVector.broadcast(SPECIES, -1.44269504f);
    FloatVector ln2High = FloatVector.broadcast(SPECIES, -0.693359375f);
    FloatVector ln2Low = FloatVector.broadcast(SPECIES, 2.12194440e-4f);
    FloatVector p7 = FloatVector.broadcast(SPECIES, 1.9875691500e-4f);
    FloatVector p6 = FloatVector.broadcast(SPECIES, 1.3981999507e-3f);
    FloatVector p5 = FloatVector.broadcast(SPECIES, 8.3334519073e-3f);
    FloatVector p4 = FloatVector.broadcast(SPECIES, 4.1665795894e-2f);
    FloatVector p3 = FloatVector.broadcast(SPECIES, 1.6666665459e-1f);
    FloatVector p2 = FloatVector.broadcast(SPECIES, 5.0000001201e-1f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector zero = FloatVector.zero(SPECIES);
    int largest = Float.floatToRawIntBits(80);
    for (int i = 0; i < channels; i += LANES) {
      FloatVector x =
          FloatVector.fromArray(SPECIES, in, from + i)
              .add(FloatVector.fromArray(SPECIES, bias, biasFrom + i));
      // min(|x|, 80), as integers, which have no NaN to be careful about.
      FloatVector y =
          x.reinterpretAsInts().and(Integer.MAX_VALUE).min(largest).reinterpretAsFloats();
      FloatVector n = y.fma(log2e, magic);
      FloatVector rounded = n.sub(magic);
      FloatVector r = rounded.fma(ln2Low, rounded.fma(ln2High, zero.sub(y)));
      FloatVector series =
          p7.fma(r, p6).fma(r, p5).fma(r, p4).fma(r, p3).fma(r, p2).fma(r.mul(r), r).add(one);
      FloatVector e =
          series
              .reinterpretAsInts()
              .add(n.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
              .reinterpretAsFloats();
      x.blend(x.mul(e), x.compare(VectorOperators.LT, zero)).div(e.add(one)).intoArray(out, to + i);
    }
  }

  /** The two passes of a tile's input, from activations to the 64 positions of a pack. */
  static void transformInputTile(
      Activations x, int from, float[] between, float[] out, int to, int position) {
    float[] in = x.values();
    int row = x.rowLength();
    for (int c = 0; c < x.channels(); c += BLOCK) {
      int groups = Math.min(BLOCK, x.channels() - c) / GROUP;
      if (x.channels() == BLOCK) {
        // The eight columns adjoin.
        transformInput(in, from, row, SIDE * groups, between, 0, SIDE * BLOCK, GROUP);
      } else {
        for (int column = 0; column < SIDE; column++) {
          int at = from + column * x.channels() + c;
          transformInput(in, at, row, groups, between, column * BLOCK, SIDE * BLOCK, GROUP);
        }
      }
      for (int line = 0; line < SIDE; line++) {
        transformInput(
            between,
            line * SIDE * BLOCK,
            BLOCK,
            groups,
            out,
            to + c * ROWS + line * SIDE * position,
            position,
            PACK);
      }
    }
  }
}
