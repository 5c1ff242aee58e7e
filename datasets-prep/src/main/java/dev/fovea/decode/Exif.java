package dev.fovea.decode;

/** Finds the orientation in an EXIF block; anything malformed reads as upright. */
final class Exif {
  private static final int ORIENTATION = 0x0112;

  private Exif() {}

  /** The orientation of a block that begins with a TIFF header. */
  static Orientation orientation(byte[] block) {
    int at = valueOffset(block);
    return at < 0 ? Orientation.UPRIGHT : Orientation.of(u16(block, at, bigEndian(block)));
  }

  /** A copy whose orientation says upright, for a picture that has been turned. */
  static byte[] upright(byte[] block) {
    byte[] copy = block.clone();
    int at = valueOffset(block);
    if (at >= 0) {
      boolean big = bigEndian(block);
      copy[at] = (byte) (big ? 0 : 1);
      copy[at + 1] = (byte) (big ? 1 : 0);
    }
    return copy;
  }

  private static int valueOffset(byte[] block) {
    if (block.length < 8 || u16(block, 2, bigEndian(block)) != 42) {
      return -1;
    }
    boolean big = bigEndian(block);
    if (!big && !(block[0] == 'I' && block[1] == 'I')) {
      return -1;
    }
    long directory = u32(block, 4, big);
    if (directory + 2 > block.length) {
      return -1;
    }
    int entries = u16(block, (int) directory, big);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > block.length) {
        return -1;
      }
      int at = (int) entry;
      boolean isShort = u16(block, at + 2, big) == 3 && u32(block, at + 4, big) == 1;
      if (u16(block, at, big) == ORIENTATION && isShort) {
        return at + 8;
      }
    }
    return -1;
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
