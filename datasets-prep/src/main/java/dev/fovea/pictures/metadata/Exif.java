package dev.fovea.pictures.metadata;

import java.util.Arrays;
import java.util.Optional;

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
  private static final int X_RESOLUTION = 0x011A;
  private static final int Y_RESOLUTION = 0x011B;
  private static final int RESOLUTION_UNIT = 0x0128;
  private static final int INCH = 2;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int RATIONAL = 5;
  private static final String JPEG_HEAD = "Exif\0\0";

  private Exif() {}

  /** The block from its TIFF header on: some writers put what JPEG wants before it elsewhere. */
  public static byte[] withoutHead(byte[] block) {
    return Latin1.startsWith(block, JPEG_HEAD)
        ? Arrays.copyOfRange(block, JPEG_HEAD.length(), block.length)
        : block;
  }

  /**
   * A copy whose stated pixel dimensions and resolution, where there are any, are those of the
   * enlarged picture it is to go with.
   */
  public static byte[] enlarged(byte[] block, int width, int height, int ratio) {
    byte[] copy = block.clone();
    int main = mainDirectory(copy);
    put(copy, entry(copy, main, WIDTH), width);
    put(copy, entry(copy, main, HEIGHT), height);
    int x = rational(copy, main, X_RESOLUTION);
    int y = rational(copy, main, Y_RESOLUTION);
    multiply(copy, x, ratio);
    multiply(copy, y == x ? -1 : y, ratio); // Some writers let both point to one value.
    int pointer = entry(copy, main, DIRECTORY);
    if (pointer >= 0 && isOne(copy, pointer, LONG)) {
      int directory = offset(copy, pointer + 8);
      put(copy, entry(copy, directory, PIXEL_WIDTH), width);
      put(copy, entry(copy, directory, PIXEL_HEIGHT), height);
    }
    return copy;
  }

  /** The orientation of a block, from 1 to 8; 1, upright, where it states none of these. */
  public static int orientation(byte[] block) {
    int entry = entry(block, mainDirectory(block), ORIENTATION);
    int value =
        entry < 0 || !isOne(block, entry, SHORT) ? 1 : u16(block, entry + 8, bigEndian(block));
    return value >= 1 && value <= 8 ? value : 1;
  }

  /** The resolution that a block states. */
  public static Optional<Density> density(byte[] block) {
    int main = mainDirectory(block);
    int x = rational(block, main, X_RESOLUTION);
    int y = rational(block, main, Y_RESOLUTION);
    if (x < 0 || y < 0) {
      return Optional.empty();
    }
    boolean big = bigEndian(block);
    int entry = entry(block, main, RESOLUTION_UNIT);
    int unit = entry < 0 ? INCH : u16(block, entry + 8, big);
    return Density.ofJfif(
        unit - 1,
        u32(block, x, big) / (double) u32(block, x + 4, big),
        u32(block, y, big) / (double) u32(block, y + 4, big));
  }

  /**
   * A copy whose orientation says upright, for a picture that has been turned, and whose thumbnail,
   * which has not been turned, is no longer referred to.
   *
   * @param transposed whether rows became columns, and with them one resolution the other
   */
  public static byte[] upright(byte[] block, boolean transposed) {
    byte[] copy = block.clone();
    int main = mainDirectory(copy);
    put(copy, entry(copy, main, ORIENTATION), 1);
    int x = rational(copy, main, X_RESOLUTION);
    int y = rational(copy, main, Y_RESOLUTION);
    if (transposed && x >= 0 && y >= 0) {
      byte[] columns = Arrays.copyOfRange(copy, x, x + 8);
      System.arraycopy(copy, y, copy, x, 8);
      System.arraycopy(columns, 0, copy, y, 8);
    }
    int next = main < 0 ? -1 : main + 2 + 12 * u16(copy, main, bigEndian(copy));
    if (next >= 0 && next + 4 <= copy.length) {
      Arrays.fill(copy, next, next + 4, (byte) 0);
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
      boolean isOne =
          isOne(block, entry, SHORT) || isOne(block, entry, LONG) || isOne(block, entry, RATIONAL);
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

  /** Where the two numbers of a fraction stand; -1 where there is none. */
  private static int rational(byte[] block, int directory, int tag) {
    int entry = entry(block, directory, tag);
    if (entry < 0 || !isOne(block, entry, RATIONAL)) {
      return -1;
    }
    long at = u32(block, entry + 8, bigEndian(block));
    return at + 8 > block.length ? -1 : (int) at;
  }

  /** Multiplies a fraction, if that can be written. */
  private static void multiply(byte[] block, int rational, int factor) {
    if (rational < 0) {
      return;
    }
    boolean big = bigEndian(block);
    long above = u32(block, rational, big) * factor;
    long below = u32(block, rational + 4, big);
    if (above <= 0xFFFF_FFFFL) {
      put(block, rational, 4, above);
    } else if (below % factor == 0) {
      put(block, rational + 4, 4, below / factor);
    }
  }

  /** Writes an entry's value, as far as its type holds it. */
  private static void put(byte[] block, int entry, int value) {
    if (entry < 0 || isOne(block, entry, RATIONAL)) {
      return;
    }
    boolean big = bigEndian(block);
    int bytes = isOne(block, entry, SHORT) ? 2 : 4;
    if (bytes == 2 && value > 0xFFFF) {
      // As wide as the field, the type changes with the value.
      block[entry + (big ? 3 : 2)] = LONG;
      bytes = 4;
    }
    put(block, entry + 8, bytes, value);
  }

  private static void put(byte[] block, int at, int bytes, long value) {
    boolean big = bigEndian(block);
    for (int i = 0; i < bytes; i++) {
      block[at + i] = (byte) (value >> (8 * (big ? bytes - 1 - i : i)));
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
