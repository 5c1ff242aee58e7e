package dev.fovea.pictures.metadata;

import java.nio.charset.StandardCharsets;

/** Bytes as text of one byte a character, which is what markers and tags are. */
final class Latin1 {
  private Latin1() {}

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static boolean startsWith(byte[] bytes, String text) {
    return bytes.length >= text.length()
        && new String(bytes, 0, text.length(), StandardCharsets.ISO_8859_1).equals(text);
  }
}
