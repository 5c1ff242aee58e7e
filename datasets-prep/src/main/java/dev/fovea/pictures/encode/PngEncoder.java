package dev.fovea.pictures.encode;

import dev.fovea.pictures.picture.Picture;

/** Writes whole pictures as PNG of level 6, the smallest filter chosen row by row. */
public final class PngEncoder {
  private PngEncoder() {}

  /** The bytes of a complete file; decoding it gives the same samples. */
  public static byte[] encode(Picture picture) {
    return Encoding.Png.DEFAULT.encode(picture);
  }
}
