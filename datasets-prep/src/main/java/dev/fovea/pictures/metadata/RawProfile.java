package dev.fovea.pictures.metadata;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * What ImageMagick, ExifTool and others put into PNG's text chunks where the format has no chunk of
 * its own: lines with a name, a length, and the bytes in hexadecimal digits.
 */
public final class RawProfile {
  /** What the keywords of such texts begin with. */
  public static final String KEYWORD = "Raw profile type ";

  /** And those of colour profiles, named icc or icm. */
  static final String ICC = KEYWORD + "ic";

  private static final int BYTES_A_LINE = 36;

  private RawProfile() {}

  /** The bytes of such a text; nothing where it is misshapen. */
  public static Optional<byte[]> decode(byte[] text) {
    String[] parts = Latin1.text(text).strip().split("\n", 3);
    if (parts.length < 3 || !parts[1].strip().matches("\\d{1,9}")) {
      return Optional.empty();
    }
    int length = Integer.parseInt(parts[1].strip());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int high = -1;
    for (int i = 0; i < parts[2].length(); i++) {
      int digit = Character.digit(parts[2].charAt(i), 16);
      if (digit < 0) {
        if (Character.isWhitespace(parts[2].charAt(i))) {
          continue;
        }
        return Optional.empty();
      }
      if (high >= 0) {
        bytes.write(16 * high + digit);
      }
      high = high < 0 ? digit : -1;
    }
    return bytes.size() == length ? Optional.of(bytes.toByteArray()) : Optional.empty();
  }

  /** The text chunk of a caption and keywords, in Photoshop's form, as others write it. */
  public static PngText ofIptc(byte[] iptc) {
    byte[] resource = PhotoshopResources.ofIptc(iptc);
    StringBuilder text =
        new StringBuilder(String.format(Locale.ROOT, "\niptc\n%8d", resource.length));
    for (int i = 0; i < resource.length; i++) {
      text.append(i % BYTES_A_LINE == 0 ? "\n" : "");
      text.append(Character.forDigit((resource[i] >> 4) & 15, 16));
      text.append(Character.forDigit(resource[i] & 15, 16));
    }
    return PngText.packed(KEYWORD + "iptc", Latin1.bytes(text.append('\n').toString()));
  }
}
