package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;

/**
 * What Jazzer feeds with mutated files. Whatever comes, a picture within the limits or a refusal
 * must come out. See the profile {@code fuzz} for how to run it.
 */
public final class DecoderFuzz {
  private static final Limits LIMITS = new Limits(1 << 17, 1 << 20, 100, 1 << 16);

  private DecoderFuzz() {}

  /** Jazzer's entry. */
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      check(PictureDecoder.decode(data, LIMITS, ColourPolicy.KEEP));
      PictureFile file = PictureFile.open(data, LIMITS);
      int width = (file.width() + 1) / 2;
      int height = (file.height() + 1) / 2;
      int x = file.width() / 3;
      int y = file.height() / 3;
      check(
          file.decodeRegion(
              ColourPolicy.SRGB,
              Math.min(x, file.width() - width),
              Math.min(y, file.height() - height),
              width,
              height));
    } catch (RejectedPictureException e) {
      if (e.getMessage() == null || e.getMessage().isBlank() || e.getMessage().contains("\n")) {
        throw new AssertionError("refused without a reason in one line", e);
      }
    }
  }

  private static void check(Decoded decoded) {
    Picture picture = decoded.picture();
    if ((long) picture.width() * picture.height() > LIMITS.pixels()) {
      throw new AssertionError("larger than the limit");
    }
  }
}
