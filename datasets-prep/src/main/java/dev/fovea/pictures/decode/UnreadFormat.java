package dev.fovea.pictures.decode;

/** Names formats that are not read, so that a refusal says what the file is. */
final class UnreadFormat {
  private UnreadFormat() {}

  /** Such as "a TIFF file", or "not a picture" where nothing is recognised. */
  static String describe(byte[] bytes) {
    String head = head(bytes);
    if (head.startsWith("II*\0") || head.startsWith("MM\0*")) {
      return "a TIFF file";
    }
    if (head.startsWith("ftyp", 4)) {
      return head.startsWith("avi", 8) ? "an AVIF file" : "an ISO media file (HEIF, MP4)";
    }
    if (head.startsWith("BM")) {
      return "a BMP file";
    }
    if (head.startsWith("\0\0\1\0")) {
      return "an ICO file";
    }
    if (head.startsWith("jP  ", 4) || head.startsWith("\u00ffO\u00ffQ")) {
      return "a JPEG 2000 file";
    }
    if (head.startsWith("\u00ff\n") || head.startsWith("JXL ", 4)) {
      return "a JPEG XL file";
    }
    if (head.startsWith("%PDF")) {
      return "a PDF file";
    }
    if (head.startsWith("PK\3\4")) {
      return "a ZIP archive";
    }
    if (head.matches("(?s)P[1-7]\\s.*")) {
      return "a PNM file";
    }
    if (head.contains("<svg")) {
      return "an SVG file";
    }
    if (head.toLowerCase(java.util.Locale.ROOT).contains("<html")
        || head.toLowerCase(java.util.Locale.ROOT).contains("<!doctype html")) {
      return "an HTML page";
    }
    return "not a picture";
  }

  private static String head(byte[] bytes) {
    return new String(
        bytes, 0, Math.min(bytes.length, 512), java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
