package dev.fovea.pictures.picture;

/**
 * What a file may cost at most; exceeding one refuses the file before memory is allocated for it.
 *
 * <p>Beside the file itself and its metadata, decoding needs 3 to 4 bytes of heap per pixel for the
 * usual 8-bit picture, twice that where it has to be turned upright, and at most about 16 (16-bit
 * PNG with alpha that is turned; progressive JPEG in four colours needs 12).
 *
 * @param pixels declared width times height
 * @param bytes length of the file
 * @param frames frames of an animation; only the first is decoded
 * @param metadataBytes each of colour profile, EXIF, XMP and IPTC after inflation, and all texts
 *     together as they are; what is larger is ignored, with a note
 */
public record Limits(long pixels, long bytes, int frames, int metadataBytes) {
  private static final Limits DEFAULTS = new Limits(100_000_000L, 512L << 20, 10_000, 16 << 20);

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Limits {
    if (pixels < 1 || bytes < 1 || frames < 1 || metadataBytes < 1) {
      throw new IllegalArgumentException(
          "limits of %d pixels, %d bytes, %d frames, %d metadata bytes are not all 1 or more"
              .formatted(pixels, bytes, frames, metadataBytes));
    }
  }

  /** 100 megapixels, 512 MiB, 10,000 frames, 16 MiB of metadata. */
  public static Limits defaults() {
    return DEFAULTS;
  }

  /** The same limits with another number of pixels. */
  public Limits withPixels(long maximum) {
    return new Limits(maximum, bytes, frames, metadataBytes);
  }
}
