package dev.fovea.pictures.encode;

import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/** Quantises and entropy-codes blocks of 8x8 samples. Not safe for use by several threads. */
final class JpegBlocks {
  static final JpegCode DC_LUMA = new JpegCode(JPEGHuffmanTable.StdDCLuminance);
  static final JpegCode AC_LUMA = new JpegCode(JPEGHuffmanTable.StdACLuminance);
  static final JpegCode DC_CHROMA = new JpegCode(JPEGHuffmanTable.StdDCChrominance);
  static final JpegCode AC_CHROMA = new JpegCode(JPEGHuffmanTable.StdACChrominance);

  /** Natural index by zigzag index. */
  static final int[] NATURAL = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, //
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, //
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, //
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  /** More than a block can take: 64 times 27 bits, each byte perhaps stuffed. */
  private static final int LARGEST_BLOCK = 512;

  private final OutputStream out;
  private final byte[] bytes = new byte[1 << 14];
  private int filled;
  private long bits;
  private int count;

  JpegBlocks(OutputStream out) {
    this.out = out;
  }

  /**
   * Transforms and writes a block.
   *
   * @param block samples of -128 to 127; overwritten
   * @param quantisation in natural order
   * @param previous the last DC coefficient of the same colour
   * @return the block's DC coefficient
   */
  int put(int[] block, int[] quantisation, boolean luma, int previous) throws IOException {
    JpegForwardDct.transform(block);
    JpegCode ac = luma ? AC_LUMA : AC_CHROMA;
    int dc = quantised(block[0], quantisation[0]);
    putDc(luma, dc - previous);
    int run = 0;
    for (int k = 1; k < 64; k++) {
      int natural = NATURAL[k];
      int value = quantised(block[natural], quantisation[natural]);
      if (value == 0) {
        run++;
        continue;
      }
      for (; run > 15; run -= 16) {
        write(ac.code[0xF0], ac.length[0xF0]);
      }
      int size = 32 - Integer.numberOfLeadingZeros(Math.abs(value));
      int symbol = (run << 4) | size;
      write(ac.code[symbol], ac.length[symbol]);
      write(value < 0 ? value - 1 : value, size);
      run = 0;
    }
    if (run > 0) {
      write(ac.code[0], ac.length[0]);
    }
    flushIfFull();
    return dc;
  }

  /** Writes a block that is the same throughout as the one before. */
  void putSame(boolean luma) throws IOException {
    JpegCode ac = luma ? AC_LUMA : AC_CHROMA;
    putDc(luma, 0);
    write(ac.code[0], ac.length[0]);
    flushIfFull();
  }

  /** Fills the last byte with ones. */
  void finish() throws IOException {
    write(0x7F, 7);
    out.write(bytes, 0, filled);
    filled = 0;
  }

  private void putDc(boolean luma, int difference) {
    JpegCode code = luma ? DC_LUMA : DC_CHROMA;
    int size = 32 - Integer.numberOfLeadingZeros(Math.abs(difference));
    write(code.code[size], code.length[size]);
    write(difference < 0 ? difference - 1 : difference, size);
  }

  /** Rounds half away from zero, as libjpeg; the coefficient is 8 times too large. */
  private static int quantised(int coefficient, int quantiser) {
    int divisor = quantiser << 3;
    int size = Math.abs(coefficient) + (divisor >> 1);
    if (size < divisor) {
      return 0;
    }
    int level = size / divisor;
    return coefficient < 0 ? -level : level;
  }

  /** Appends the lowest 0 to 16 bits of a value. */
  private void write(int value, int length) {
    bits = (bits << length) | (value & ((1 << length) - 1));
    count += length;
    while (count >= 8) {
      count -= 8;
      byte next = (byte) (bits >> count);
      bytes[filled++] = next;
      if (next == -1) {
        bytes[filled++] = 0;
      }
    }
  }

  private void flushIfFull() throws IOException {
    if (filled > bytes.length - LARGEST_BLOCK) {
      out.write(bytes, 0, filled);
      filled = 0;
    }
  }
}
