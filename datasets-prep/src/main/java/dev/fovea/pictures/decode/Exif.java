package dev.fovea.pictures.decode;

/**
 * Reads and corrects what an EXIF block says about the picture it goes with. A block begins with
 * its TIFF header; anything malformed reads as upright and is left as it is. Stateless and safe for
 * use by several threads.
 */
public final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int WIDTH = 0x0100;
  private static final int HEIGHT = 0x0101;
  private static final int DIRECTORY = 0x8769;
  private static final int PIXEL_WIDTH = 0xA002;
  private static final int PIXEL_HEIGHT = 0xA003;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private Exif() {}

  /**
   * A copy whose stated pixel dimensions, where there are any, are those of the picture it is to go
   * with.
   */
  public static byte[] resized(byte[] block, int width, int height) {
    byte[] copy = block.clone();
    int main = mainDirectory(copy);
    put(copy, entry(copy, main, WIDTH), width);
    put(copy, entry(copy, main, HEIGHT), height);
    int pointer = entry(copy, main, DIRECTORY);
    if (pointer >= 0 && isOne(copy, pointer, LONG)) {
      int directory = offset(copy, pointer + 8);
      put(copy, entry(copy, directory, PIXEL_WIDTH), width);
      put(copy, entry(copy, directory, PIXEL_HEIGHT), height);
    }
    return copy;
  }

  /** The orientation of a block. */
  static Orientation orientation(byte[] block) {
    int entry = entry(block, mainDirectory(block), ORIENTATION);
    return entry < 0 || !isOne(block, entry, SHORT)
        ? Orientation.UPRIGHT
        : Orientation.of(u16(block, entry + 8, bigEndian(block)));
  }

  /**
   * A copy whose orientation says upright, for a picture that has been turned, and whose thumbnail,
   * which has not been turned, is no longer referred to.
   */
  static byte[] upright(byte[] block) {
    byte[] copy = block.clone();
    int main = mainDirectory(copy);
    put(copy, entry(copy, main, ORIENTATION), 1);
    int next = main < 0 ? -1 : main + 2 + 12 * u16(copy, main, bigEndian(copy));
    if (next >= 0 && next + 4 <= copy.length) {
      java.util.Arrays.fill(copy, next, next + 4, (byte) 0);
    }
    return copy;
  }

  /** Where the first directory begins; -1 where there is none. */
  private static int mainDirectory(byte[] block) {
    if (block.length < 8 || u16(block, 2, bigEndian(block)) != 42) {
      return -1;
    }
    return bigEndian(block) || (block[0] == 'I' && block[1] == 'I') ? offset(block, 4) : -1;
  }

  /** A directory's place as it stands in the block; -1 where it lies outside. */
  private static int offset(byte[] block, int at) {
    long directory = u32(block, at, bigEndian(block));
    return directory + 2 > block.length ? -1 : (int) directory;
  }

  /** Where a tag's entry of 12 bytes begins; -1 where there is none. */
  private static int entry(byte[] block, int directory, int tag) {
    if (directory < 0) {
      return -1;
    }
    boolean big = bigEndian(block);
    int entries = u16(block, directory, big);
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + 12 * i;
      if (entry + 12 > block.length) {
        return -1;
      }
      boolean isOne = isOne(block, entry, SHORT) || isOne(block, entry, LONG);
      if (u16(block, entry, big) == tag && isOne) {
        return entry;
      }
    }
    return -1;
  }

  private static boolean isOne(byte[] block, int entry, int type) {
    boolean big = bigEndian(block);
    return u16(block, entry + 2, big) == type && u32(block, entry + 4, big) == 1;
  }

  /** Writes an entry's value, as far as its type holds it. */
  private static void put(byte[] block, int entry, int value) {
    if (entry < 0) {
      return;
    }
    boolean big = bigEndian(block);
    int bytes = isOne(block, entry, SHORT) ? 2 : 4;
    if (bytes == 2 && value > 0xFFFF) {
      // As wide as the field, the type changes with the value.
      block[entry + (big ? 3 : 2)] = LONG;
      bytes = 4;
    }
    for (int i = 0; i < bytes; i++) {
      block[entry + 8 + i] = (byte) (value >> (8 * (big ? bytes - 1 - i : i)));
    }
  }

  private static boolean bigEndian(byte[] block) {
    return block[0] == 'M' && block[1] == 'M';
  }

  private static int u16(byte[] block, int at, boolean big) {
    int a = block[at] & 0xFF;
    int b = block[at + 1] & 0xFF;
    return big ? (a << 8) | b : (b << 8) | a;
  }

  private static long u32(byte[] block, int at, boolean big) {
    long a = u16(block, at, big);
    long b = u16(block, at + 2, big);
    return big ? (a << 16) | b : (b << 16) | a;
  }
}
