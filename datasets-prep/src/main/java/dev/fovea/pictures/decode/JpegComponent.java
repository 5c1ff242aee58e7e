package dev.fovea.pictures.decode;

import java.util.Arrays;

/** One colour of a JPEG frame and the state of its decoding. */
final class JpegComponent {
  final int id;
  final int quantSelector;

  /** Sampling factors; 1 x 1 in a frame of one colour, whatever the file says. */
  final int h;

  final int v;

  /** Samples that belong to the picture. */
  int width;

  int height;

  /** Blocks that hold samples of the picture: what a scan of this colour alone contains. */
  int blocksWide;

  int blocksHigh;

  /** Blocks including those that fill up the last interleaved units. */
  int paddedBlocksWide;

  int paddedBlocksHigh;

  /** Quantisation in zigzag order, as it was when the colour's first scan began. */
  int[] quantisation;

  /** All coefficients in natural order, where the picture comes in several scans; else null. */
  short[] coefficients;

  /**
   * In a progressive picture, the number of low bits of each coefficient that no scan has brought.
   */
  final int[] bitsMissing = new int[64];

  JpegHuffman dcTable;
  JpegHuffman acTable;
  int prediction;

  JpegComponent(int id, int h, int v, int quantSelector) {
    this.id = id;
    this.h = h;
    this.v = v;
    this.quantSelector = quantSelector;
    Arrays.fill(bitsMissing, 16);
  }
}
