package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;
import java.nio.charset.StandardCharsets;

/** Unsigned numbers and tags in a byte array. The caller checks the bounds. */
final class Bytes {
  private Bytes() {}

  static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xFF;
  }

  static int big16(byte[] bytes, int at) {
    return (u8(bytes, at) << 8) | u8(bytes, at + 1);
  }

  static int big32(byte[] bytes, int at) {
    return (big16(bytes, at) << 16) | big16(bytes, at + 2);
  }

  static int little16(byte[] bytes, int at) {
    return u8(bytes, at) | (u8(bytes, at + 1) << 8);
  }

  static int little24(byte[] bytes, int at) {
    return little16(bytes, at) | (u8(bytes, at + 2) << 16);
  }

  static int little32(byte[] bytes, int at) {
    return little16(bytes, at) | (little16(bytes, at + 2) << 16);
  }

  /** Four characters that name a chunk. */
  static String tag(byte[] bytes, int at) {
    return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
  }

  /**
   * A chunk's declared length, if as many bytes are left.
   *
   * @param declared as an unsigned number
   * @param at where the chunk begins
   * @param left bytes that its data may take
   */
  static int chunkLength(String format, int declared, int at, int left)
      throws RejectedPictureException {
    if (declared < 0 || declared > left) {
      throw new RejectedPictureException(
          "%s chunk at byte %d declares %s bytes, %d are left"
              .formatted(format, at, Integer.toUnsignedString(declared), left));
    }
    return declared;
  }

  /** Whether a Latin-1 text stands at a place; false where the bytes end before. */
  static boolean startsWith(byte[] bytes, int at, String text) {
    if (at < 0 || at + text.length() > bytes.length) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (u8(bytes, at + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
