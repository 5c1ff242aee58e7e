package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.PictureFormat;
import dev.fovea.pictures.picture.RejectedPictureException;

/**
 * What the first bytes of a file declare, without decoding it.
 *
 * @param format judged by content, not by name
 * @param width columns as stored, before the EXIF orientation
 * @param height rows as stored, before the EXIF orientation
 */
public record PictureHeader(PictureFormat format, int width, int height) {
  /**
   * Reads a header.
   *
   * @throws RejectedPictureException if the bytes are of no format that is read, or declare no size
   */
  public static PictureHeader read(byte[] bytes) throws RejectedPictureException {
    PictureFormat format = format(bytes);
    return switch (format) {
      case PNG -> png(bytes);
      case JPEG -> jpeg(bytes);
      case GIF -> gif(bytes);
      case WEBP -> webp(bytes);
    };
  }

  /**
   * Refuses a picture that is too large, before anything is allocated for it.
   *
   * @param most pixels that are allowed
   * @param advice what can be done about it, or nothing
   * @throws RejectedPictureException if it declares more
   */
  public void requireAtMost(long most, String advice) throws RejectedPictureException {
    if (pixels() > most) {
      throw new RejectedPictureException(
          "%s declares %dx%d pixels, more than the limit of %d%s"
              .formatted(format, width, height, most, advice));
    }
  }

  /** The declared number of pixels. */
  public long pixels() {
    return (long) width * height;
  }

  private static PictureFormat format(byte[] bytes) throws RejectedPictureException {
    if (bytes.length == 0) {
      throw new RejectedPictureException("the file is empty");
    }
    if (Bytes.startsWith(bytes, 0, "\u0089PNG\r\n\u001a\n")) {
      return PictureFormat.PNG;
    }
    if (Bytes.startsWith(bytes, 0, "\u00ff\u00d8\u00ff")) {
      return PictureFormat.JPEG;
    }
    if (Bytes.startsWith(bytes, 0, "GIF87a") || Bytes.startsWith(bytes, 0, "GIF89a")) {
      return PictureFormat.GIF;
    }
    if (Bytes.startsWith(bytes, 0, "RIFF") && Bytes.startsWith(bytes, 8, "WEBP")) {
      return PictureFormat.WEBP;
    }
    throw new RejectedPictureException(
        "%s; JPEG, PNG, GIF and WEBP are read".formatted(UnreadFormat.describe(bytes)));
  }

  private static PictureHeader png(byte[] bytes) throws RejectedPictureException {
    if (bytes.length < 33 || !Bytes.startsWith(bytes, 12, "IHDR")) {
      throw new RejectedPictureException("PNG ends before its header");
    }
    return checked(PictureFormat.PNG, Bytes.big32(bytes, 16), Bytes.big32(bytes, 20));
  }

  private static PictureHeader gif(byte[] bytes) throws RejectedPictureException {
    if (bytes.length < 13) {
      throw new RejectedPictureException("GIF ends before its header");
    }
    return checked(PictureFormat.GIF, Bytes.little16(bytes, 6), Bytes.little16(bytes, 8));
  }

  private static PictureHeader webp(byte[] bytes) throws RejectedPictureException {
    if (bytes.length >= 30) {
      if (Bytes.startsWith(bytes, 12, "VP8 ")) {
        return checked(
            PictureFormat.WEBP,
            Bytes.little16(bytes, 26) & 0x3FFF,
            Bytes.little16(bytes, 28) & 0x3FFF);
      }
      if (Bytes.startsWith(bytes, 12, "VP8X")) {
        return checked(
            PictureFormat.WEBP, Bytes.little24(bytes, 24) + 1, Bytes.little24(bytes, 27) + 1);
      }
    }
    if (bytes.length >= 25 && Bytes.startsWith(bytes, 12, "VP8L")) {
      int packed = Bytes.little16(bytes, 21) | (Bytes.little16(bytes, 23) << 16);
      return checked(PictureFormat.WEBP, (packed & 0x3FFF) + 1, ((packed >>> 14) & 0x3FFF) + 1);
    }
    throw new RejectedPictureException("WEBP without a picture");
  }

  private static PictureHeader jpeg(byte[] bytes) throws RejectedPictureException {
    int at = 2;
    while (at + 4 <= bytes.length) {
      if ((bytes[at] & 0xFF) != 0xFF) {
        at++;
        continue;
      }
      int marker = bytes[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++;
      } else if (marker == 0 || marker == 1 || (marker >= 0xD0 && marker <= 0xD8)) {
        at += 2;
      } else if (marker == 0xD9 || marker == 0xDA) {
        break;
      } else if (marker >= 0xC0
          && marker <= 0xCF
          && marker != 0xC4
          && marker != 0xCC
          && marker != 0xC8) {
        if (at + 9 > bytes.length) {
          break;
        }
        return checked(PictureFormat.JPEG, Bytes.big16(bytes, at + 7), Bytes.big16(bytes, at + 5));
      } else {
        at += 2 + Bytes.big16(bytes, at + 2);
      }
    }
    throw new RejectedPictureException("JPEG ends before its frame header");
  }

  private static PictureHeader checked(PictureFormat format, int width, int height)
      throws RejectedPictureException {
    if (width < 1 || height < 1) {
      throw new RejectedPictureException(
          "%s declares %s x %s pixels"
              .formatted(
                  format, Integer.toUnsignedString(width), Integer.toUnsignedString(height)));
    }
    return new PictureHeader(format, width, height);
  }
}
