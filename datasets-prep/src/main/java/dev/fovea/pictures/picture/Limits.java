package dev.fovea.pictures.picture;

import java.io.Serializable;
import java.time.Duration;

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
 * @param decoding processor time; a picture that takes longer is refused when it has taken it
 */
public record Limits(long pixels, long bytes, int frames, int metadataBytes, Duration decoding)
    implements Serializable {
  private static final Duration USUAL_DECODING = Duration.ofMinutes(2);
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
    if (decoding.isNegative() || decoding.isZero()) {
      throw new IllegalArgumentException(
          "a limit of %s for decoding is not more than nothing".formatted(decoding));
    }
  }

  /** Limits with the usual time for decoding, 2 minutes. */
  public Limits(long pixels, long bytes, int frames, int metadataBytes) {
    this(pixels, bytes, frames, metadataBytes, USUAL_DECODING);
  }

  /** 100 megapixels, 512 MiB, 10,000 frames, 16 MiB of metadata, 2 minutes of decoding. */
  public static Limits defaults() {
    return DEFAULTS;
  }

  /** The same limits with another number of pixels. */
  public Limits withPixels(long maximum) {
    return new Limits(maximum, bytes, frames, metadataBytes, decoding);
  }

  /** The same limits with another length of the file. */
  public Limits withBytes(long maximum) {
    return new Limits(pixels, maximum, frames, metadataBytes, decoding);
  }

  /** The same limits with another time for decoding. */
  public Limits withDecoding(Duration maximum) {
    return new Limits(pixels, bytes, frames, metadataBytes, maximum);
  }
}
