package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;

/** A Huffman table with a direct lookup of short codes. */
final class JpegHuffman {
  static final int LOOKAHEAD = 10;

  /** Code length * 256 + symbol by the next {@link #LOOKAHEAD} bits; 0 where the code is longer. */
  final short[] lookup = new short[1 << LOOKAHEAD];

  /** Bits that {@link #coefficients} looks at. */
  static final int COEFFICIENT_BITS = 12;

  private int[] coefficients;

  /** Bits that {@link #skips} looks at. */
  static final int SKIP_BITS = 12;

  private static final int END = 1 << 15;

  private int[] skips;

  private final int[] firstBeyond = new int[18];
  private final int[] symbolOffset = new int[17];
  private final byte[] symbols;

  /**
   * Reads a table.
   *
   * @param at the 16 counts, followed by the symbols
   * @param symbolCount the sum of the counts
   */
  JpegHuffman(byte[] file, int at, int symbolCount) throws RejectedPictureException {
    symbols = java.util.Arrays.copyOfRange(file, at + 16, at + 16 + symbolCount);
    int code = 0;
    int symbol = 0;
    for (int length = 1; length <= 16; length++) {
      int codes = file[at + length - 1] & 0xFF;
      symbolOffset[length] = symbol - code;
      for (int i = 0; i < codes; i++) {
        if (length <= LOOKAHEAD) {
          fillLookup(code, length, symbols[symbol] & 0xFF);
        }
        code++;
        symbol++;
      }
      if (code > 1 << length) {
        throw new RejectedPictureException(
            "JPEG Huffman table has too many codes of %d bits".formatted(length));
      }
      firstBeyond[length] = code;
      code <<= 1;
    }
    firstBeyond[17] = Integer.MAX_VALUE;
  }

  private void fillLookup(int code, int length, int symbol) throws RejectedPictureException {
    if (code >= 1 << length) {
      throw new RejectedPictureException(
          "JPEG Huffman table has too many codes of %d bits".formatted(length));
    }
    int shift = LOOKAHEAD - length;
    for (int i = code << shift; i < (code + 1) << shift; i++) {
      lookup[i] = (short) ((length << 8) | symbol);
    }
  }

  /**
   * Where an AC code and its value bits fit the next {@link #COEFFICIENT_BITS} bits: value * 65536
   * + run * 256 + all bits; else 0. Made when first asked for.
   */
  int[] coefficients() {
    if (coefficients == null) {
      int[] table = new int[1 << COEFFICIENT_BITS];
      int i = 0;
      while (i < table.length) {
        int entry = lookup[i >> (COEFFICIENT_BITS - LOOKAHEAD)];
        int size = entry & 15;
        int bits = (entry >> 8) + size;
        if (entry == 0 || size == 0 || bits > COEFFICIENT_BITS) {
          // The next code cannot begin before the next entry of the shorter table.
          i = ((i >> (COEFFICIENT_BITS - LOOKAHEAD)) + 1) << (COEFFICIENT_BITS - LOOKAHEAD);
          continue;
        }
        int end = i + (1 << (COEFFICIENT_BITS - bits));
        int value = extend((i >> (COEFFICIENT_BITS - bits)) & ((1 << size) - 1), size);
        int run = (entry >> 4) & 15;
        java.util.Arrays.fill(table, i, end, (value << 16) | (run << 8) | bits);
        i = end;
      }
      coefficients = table;
    }
    return coefficients;
  }

  /**
   * As many whole AC codes as the next {@link #SKIP_BITS} bits hold, for passing over blocks:
   * coefficients * 65536 + {@link #isEnd a flag} + bits; 0 where not even one is whole. Made when
   * first asked for.
   */
  int[] skips() {
    if (skips == null) {
      int[] table = new int[1 << SKIP_BITS];
      for (int i = 0; i < table.length; i++) {
        table[i] = skip(i);
      }
      skips = table;
    }
    return skips;
  }

  /** Whether an entry of {@link #skips} ends the block. */
  static boolean isEnd(int entry) {
    return (entry & END) != 0;
  }

  private int skip(int next) {
    int bits = 0;
    int coefficients = 0;
    while (true) {
      int aligned = (next << bits) & ((1 << SKIP_BITS) - 1);
      int entry = lookup[aligned >> (SKIP_BITS - LOOKAHEAD)];
      int size = entry & 15;
      int run = (entry >> 4) & 15;
      int whole = bits + (entry >> 8) + size;
      if (entry == 0 || whole > SKIP_BITS) {
        return bits == 0 ? 0 : (coefficients << 16) | bits;
      }
      bits = whole;
      if (size == 0 && run < 15) {
        return (coefficients << 16) | END | bits;
      }
      coefficients += run + 1;
    }
  }

  /** The value that {@code size} bits stand for. */
  static int extend(int bits, int size) {
    return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
  }

  /**
   * Length * 256 + symbol of a code longer than the lookahead.
   *
   * @param next the next 16 bits
   */
  int longCode(int next) throws RejectedPictureException {
    for (int length = LOOKAHEAD + 1; length <= 16; length++) {
      int code = next >> (16 - length);
      if (code < firstBeyond[length]) {
        int index = symbolOffset[length] + code;
        if (index >= 0 && index < symbols.length) {
          return (length << 8) | (symbols[index] & 0xFF);
        }
      }
    }
    throw new RejectedPictureException("JPEG data is damaged: undefined Huffman code");
  }

  /** The next symbol. */
  int symbol(JpegBits bits) throws RejectedPictureException {
    bits.fill();
    int entry = lookup[(int) (bits.buffer >>> (64 - LOOKAHEAD))];
    if (entry == 0) {
      entry = longCode((int) (bits.buffer >>> 48));
    }
    bits.buffer <<= entry >> 8;
    bits.count -= entry >> 8;
    return entry & 0xFF;
  }
}
