package dev.fovea.pictures.metadata;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Corrects what an XMP packet says of the pixels, where it says it by the usual prefixes, as
 * attributes or as elements. Everything else stays as it is, byte for byte.
 */
final class Xmp {
  private static final String TIFF = "tiff:";
  private static final Pattern FRACTION = Pattern.compile("(\\d{1,9})(/[1-9]\\d{0,8})?");

  private Xmp() {}

  /** The packet of a picture that has been turned upright. */
  static byte[] upright(byte[] packet, boolean transposed) {
    String text = set(Latin1.text(packet), TIFF + "Orientation", value -> "1");
    if (transposed) {
      text = exchanged(text, TIFF + "XResolution", TIFF + "YResolution");
      text = exchanged(text, TIFF + "ImageWidth", TIFF + "ImageLength");
      text = exchanged(text, "exif:PixelXDimension", "exif:PixelYDimension");
    }
    return Latin1.bytes(text);
  }

  /** The packet of a picture that has been enlarged. */
  static byte[] enlarged(byte[] packet, int width, int height, int ratio) {
    String text = Latin1.text(packet);
    for (String name : new String[] {TIFF + "ImageWidth", "exif:PixelXDimension"}) {
      text = set(text, name, value -> Integer.toString(width));
    }
    for (String name : new String[] {TIFF + "ImageLength", "exif:PixelYDimension"}) {
      text = set(text, name, value -> Integer.toString(height));
    }
    for (String name : new String[] {TIFF + "XResolution", TIFF + "YResolution"}) {
      text = set(text, name, value -> times(value, ratio));
    }
    return Latin1.bytes(text);
  }

  private static String exchanged(String text, String name, String other) {
    Matcher ofName = values(name).matcher(text);
    Matcher ofOther = values(other).matcher(text);
    if (!ofName.find() || !ofOther.find()) {
      return text;
    }
    String value = ofName.group(2);
    String otherValue = ofOther.group(2);
    return set(set(text, name, old -> otherValue), other, old -> value);
  }

  private static String times(String value, int ratio) {
    Matcher fraction = FRACTION.matcher(value);
    if (!fraction.matches()) {
      return value;
    }
    String below = fraction.group(2) == null ? "" : fraction.group(2);
    return Long.parseLong(fraction.group(1)) * ratio + below;
  }

  private static String set(String text, String name, UnaryOperator<String> change) {
    return values(name)
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(found.group(1) + change.apply(found.group(2))));
  }

  /** A property's value without blanks and escapes, which numbers have none of. */
  private static Pattern values(String name) {
    return Pattern.compile("(\\b" + name + "\\s*+(?:=\\s*+[\"']|>\\s*+))([^<>\"'&\\s]++)");
  }
}
