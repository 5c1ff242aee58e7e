package dev.fovea.jobs.support.files;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What some editors put before a text in UTF-8, and which is no part of the text. */
public final class ByteOrderMark {
  private static final String MARK = "\uFEFF";
  private static final byte[] ENCODED = MARK.getBytes(StandardCharsets.UTF_8);

  private ByteOrderMark() {}

  /** The text without a mark at its beginning. */
  public static String stripped(String text) {
    return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
  }

  /** The text, in UTF-8, without a mark at its beginning. */
  public static byte[] stripped(byte[] text) {
    boolean marked =
        text.length >= ENCODED.length
            && Arrays.equals(text, 0, ENCODED.length, ENCODED, 0, ENCODED.length);
    return marked ? Arrays.copyOfRange(text, ENCODED.length, text.length) : text;
  }
}
