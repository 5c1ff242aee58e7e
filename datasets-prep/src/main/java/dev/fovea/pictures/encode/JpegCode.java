package dev.fovea.pictures.encode;

import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/** A Huffman code of the specification's Annex K: code and length by symbol. */
final class JpegCode {
  final int[] code = new int[256];
  final int[] length = new int[256];
  private final JPEGHuffmanTable table;

  JpegCode(JPEGHuffmanTable table) {
    this.table = table;
    short[] values = table.getValues();
    short[] counts = table.getLengths();
    int next = 0;
    int symbol = 0;
    for (int bits = 1; bits <= counts.length; bits++) {
      for (int i = 0; i < counts[bits - 1]; i++) {
        code[values[symbol]] = next++;
        length[values[symbol]] = bits;
        symbol++;
      }
      next <<= 1;
    }
  }

  /** As a DHT segment holds it: 16 counts and the symbols. */
  byte[] described() {
    short[] values = table.getValues();
    short[] counts = table.getLengths();
    byte[] bytes = new byte[16 + values.length];
    for (int i = 0; i < counts.length; i++) {
      bytes[i] = (byte) counts[i];
    }
    for (int i = 0; i < values.length; i++) {
      bytes[16 + i] = (byte) values[i];
    }
    return bytes;
  }
}
