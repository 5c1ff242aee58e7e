package dev.fovea.pictures.decode;

import java.util.Arrays;

/**
 * Whether a file says nothing about its pixels that a careless reader would miss: no turn to be
 * applied, no colours other than sRGB or grey, no further frames. Such a file can be handed on as
 * it is. In doubt the answer is no.
 *
 * <p>Alpha is not looked at, which the decoded picture tells.
 */
public final class PlainFile {
  private static final int PNG_SIGNATURE_BYTES = 8;
  private static final int SRGB_GAMMA = 45_455;
  private static final int WEBP_ICC_EXIF_ANIMATION = 0x20 | 0x08 | 0x02;

  private PlainFile() {}

  /**
   * Looks at a file that was decoded without being rejected.
   *
   * @return false also for what is no JPEG, PNG, GIF or WEBP
   */
  public static boolean isPlain(byte[] file) {
    if (Bytes.startsWith(file, 0, "\u00ff\u00d8\u00ff")) {
      return isPlainJpeg(file);
    }
    if (Bytes.startsWith(file, 0, "\u0089PNG\r\n\u001a\n")) {
      return isPlainPng(file);
    }
    if (Bytes.startsWith(file, 8, "WEBP") && file.length >= 21) {
      return !Bytes.startsWith(file, 12, "VP8X")
          || (Bytes.u8(file, 20) & WEBP_ICC_EXIF_ANIMATION) == 0;
    }
    return Bytes.startsWith(file, 0, "GIF8");
  }

  private static boolean isPlainJpeg(byte[] file) {
    int at = 2;
    while (at + 4 <= file.length) {
      int marker = Bytes.u8(file, at + 1);
      if (Bytes.u8(file, at) != 0xFF) {
        return false;
      }
      if (marker == 0xFF) {
        at++;
        continue;
      }
      if (marker == 0xDA) {
        return true;
      }
      int end = at + 2 + Bytes.big16(file, at + 2);
      if (end > file.length || end < at + 4 || !isPlainSegment(file, marker, at + 4, end)) {
        return false;
      }
      at = end;
    }
    return false;
  }

  private static boolean isPlainSegment(byte[] file, int marker, int start, int end) {
    boolean frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) {
      int components = end - start > 5 ? Bytes.u8(file, start + 5) : 0;
      return components == 1 || components == 3;
    }
    if (marker == 0xE1 && Bytes.startsWith(file, start, "Exif\0\0")) {
      return isUpright(Arrays.copyOfRange(file, Math.min(start + 6, end), end));
    }
    if (marker == 0xE2 && Bytes.startsWith(file, start, "ICC_PROFILE\0")) {
      return namesSrgb(file, start, end);
    }
    return true;
  }

  private static boolean isPlainPng(byte[] file) {
    int at = PNG_SIGNATURE_BYTES;
    boolean srgb = false;
    boolean plainGamma = true;
    while (at + 12 <= file.length) {
      int length = Bytes.big32(file, at);
      int start = at + 8;
      if (length < 0 || length > file.length - start - 4) {
        return false;
      }
      String type = Bytes.tag(file, at + 4);
      switch (type) {
        case "sRGB" -> srgb = true;
        case "gAMA" -> plainGamma = length == 4 && Bytes.big32(file, start) == SRGB_GAMMA;
        case "cICP", "iCCP", "acTL" -> {
          return false;
        }
        case "eXIf" -> {
          if (!isUpright(Arrays.copyOfRange(file, start, start + length))) {
            return false;
          }
        }
        case "IEND" -> {
          return srgb || plainGamma;
        }
        default -> {
          // Says nothing of orientation or colour.
        }
      }
      at = start + length + 4;
    }
    return false;
  }

  private static boolean isUpright(byte[] exif) {
    return Exif.orientation(exif) == Orientation.UPRIGHT;
  }

  /** Profiles carry their name in ASCII (version 2) or UTF-16 (version 4). */
  private static boolean namesSrgb(byte[] file, int start, int end) {
    for (int at = start; at < end; at++) {
      if (Bytes.startsWith(file, at, "sRGB") || Bytes.startsWith(file, at, "s\0R\0G\0B")) {
        return true;
      }
    }
    return false;
  }
}
