package dev.fovea.pictures.encode;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Picture;
import java.util.Optional;

/**
 * All of a picture that an encoder must know before the first row.
 *
 * @param width columns, 1 or more
 * @param height rows, 1 or more
 * @param bitDepth 8 or 16
 * @param grey one sample a pixel; otherwise three, RGB
 * @param alpha whether there is an alpha channel
 * @param metadata what else is to be written
 */
public record PictureLayout(
    int width, int height, int bitDepth, boolean grey, boolean alpha, Metadata metadata) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public PictureLayout {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "picture of %dx%d: both must be 1 or more".formatted(width, height));
    }
    if (bitDepth != 8 && bitDepth != 16) {
      throw new IllegalArgumentException(
          "picture of %d bits a sample, not 8 or 16".formatted(bitDepth));
    }
  }

  /** The layout of a picture in memory. */
  public static PictureLayout of(Picture picture) {
    return new PictureLayout(
        picture.width(),
        picture.height(),
        picture.bitDepth(),
        picture.grey(),
        picture.alpha().isPresent(),
        picture.metadata());
  }

  /** The same kind of picture at another size. */
  public PictureLayout resized(int newWidth, int newHeight) {
    return new PictureLayout(newWidth, newHeight, bitDepth, grey, alpha, metadata);
  }

  /** Width times height. */
  public long pixels() {
    return (long) width * height;
  }

  /** Why a format with a largest side cannot hold the picture. */
  Optional<String> refusalBeyond(int maxSide, String format) {
    return width <= maxSide && height <= maxSide
        ? Optional.empty()
        : Optional.of(
            "a picture of %dx%d does not fit into %s, which allows sides of %d"
                .formatted(width, height, format, maxSide));
  }

  /** Samples a pixel, alpha included. */
  int samplesPerPixel() {
    return (grey ? 1 : 3) + (alpha ? 1 : 0);
  }
}
