package dev.fovea.pictures.encode;

import dev.fovea.pictures.picture.Picture;

/**
 * Writes whole pictures as WebP; {@link Encoding.WebpLossless} and {@link Encoding.WebpLossy} say
 * how. Safe for use by several threads.
 */
public final class WebpEncoder {
  /** The largest side of a WebP picture. */
  public static final int MAX_SIDE = 16383;

  private WebpEncoder() {}

  /**
   * The bytes of a complete lossless file; decoding it gives the same samples, 16 bits rounded to 8
   * and grey as RGB.
   *
   * @throws IllegalArgumentException if a side is longer than {@link #MAX_SIDE}
   */
  public static byte[] lossless(Picture picture) {
    return new Encoding.WebpLossless().encode(picture);
  }

  /**
   * The bytes of a complete lossy file.
   *
   * @param quality libwebp's, 0 to 100
   * @throws IllegalArgumentException if the quality is another, a side is longer than {@link
   *     #MAX_SIDE}, or there is no libwebp for the platform
   */
  public static byte[] lossy(Picture picture, int quality) {
    return new Encoding.WebpLossy(quality).encode(picture);
  }
}
