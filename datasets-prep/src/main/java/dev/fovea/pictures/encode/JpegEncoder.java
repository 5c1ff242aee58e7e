package dev.fovea.pictures.encode;

import dev.fovea.pictures.picture.Picture;

/** Writes whole pictures as JPEG; {@link Encoding.Jpeg} says how. */
public final class JpegEncoder {
  private JpegEncoder() {}

  /**
   * The bytes of a complete file.
   *
   * @param quality libjpeg's, 1 to 100
   * @throws IllegalArgumentException if the quality is another, or the picture does not fit
   */
  public static byte[] encode(Picture picture, int quality) {
    return new Encoding.Jpeg(quality).encode(picture);
  }
}
