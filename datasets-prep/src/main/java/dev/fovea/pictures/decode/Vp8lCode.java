package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;

/** A prefix code of a VP8L stream as a table of two levels. */
final class Vp8lCode {
  private static final int ROOT_BITS = 8;
  private static final int MAX_LENGTH = 15;

  /** Bits of the first level; 0 where the code has a single symbol, which takes no bits. */
  private final int rootBits;

  /**
   * Symbol * 16 + length; on the first level, for longer codes, the negated start of a second-level
   * table * 16 + its bits.
   */
  private final int[] table;

  private Vp8lCode(int rootBits, int[] table) {
    this.rootBits = rootBits;
    this.table = table;
  }

  /** The code that has one symbol. */
  static Vp8lCode single(int symbol) {
    return new Vp8lCode(0, new int[] {symbol << 4});
  }

  /**
   * The canonical code of these lengths.
   *
   * @throws RejectedPictureException if they leave codes undefined or define some twice
   */
  static Vp8lCode of(byte[] lengths, int symbols) throws RejectedPictureException {
    int[] counts = new int[MAX_LENGTH + 1];
    int used = 0;
    int only = 0;
    for (int i = 0; i < symbols; i++) {
      counts[lengths[i]]++;
      if (lengths[i] != 0) {
        used++;
        only = i;
      }
    }
    if (used == 1) {
      return single(only);
    }
    int longest = 0;
    int open = 1;
    int[] next = new int[MAX_LENGTH + 2];
    int code = 0;
    for (int length = 1; length <= MAX_LENGTH; length++) {
      open = 2 * open - counts[length];
      if (open < 0) {
        break;
      }
      longest = counts[length] > 0 ? length : longest;
      next[length] = code;
      code = (code + counts[length]) << 1;
    }
    if (open != 0) {
      throw new RejectedPictureException("WEBP data is damaged: a prefix code is not complete");
    }
    int rootBits = Math.min(longest, ROOT_BITS);
    int[] codes = new int[symbols];
    int[] subBits = new int[1 << rootBits];
    for (int i = 0; i < symbols; i++) {
      int length = lengths[i];
      if (length > 0) {
        codes[i] = Integer.reverse(next[length]++) >>> (32 - length);
        if (length > rootBits) {
          int root = codes[i] & ((1 << rootBits) - 1);
          subBits[root] = Math.max(subBits[root], length - rootBits);
        }
      }
    }
    return new Vp8lCode(rootBits, fill(lengths, symbols, codes, rootBits, subBits));
  }

  private static int[] fill(byte[] lengths, int symbols, int[] codes, int rootBits, int[] subBits) {
    int size = 1 << rootBits;
    int[] starts = new int[1 << rootBits];
    for (int i = 0; i < subBits.length; i++) {
      if (subBits[i] > 0) {
        starts[i] = size;
        size += 1 << subBits[i];
      }
    }
    int[] table = new int[size];
    for (int i = 0; i < subBits.length; i++) {
      if (subBits[i] > 0) {
        table[i] = -((starts[i] << 4) | subBits[i]);
      }
    }
    for (int i = 0; i < symbols; i++) {
      int length = lengths[i];
      if (length == 0) {
        continue;
      }
      int entry = (i << 4) | length;
      if (length <= rootBits) {
        for (int k = codes[i]; k < 1 << rootBits; k += 1 << length) {
          table[k] = entry;
        }
      } else {
        int root = codes[i] & ((1 << rootBits) - 1);
        for (int k = codes[i] >> rootBits; k < 1 << subBits[root]; k += 1 << (length - rootBits)) {
          table[starts[root] + k] = entry;
        }
      }
    }
    return table;
  }

  /** Entries of its table. */
  int size() {
    return table.length;
  }

  /** The next symbol. */
  int symbol(Vp8lBits bits) {
    bits.fill();
    int next = bits.peek15();
    int entry = table[next & ((1 << rootBits) - 1)];
    if (entry < 0) {
      int second = -entry;
      entry = table[(second >> 4) + ((next >> rootBits) & ((1 << (second & 15)) - 1))];
    }
    bits.drop(entry & 15);
    return entry >> 4;
  }
}
