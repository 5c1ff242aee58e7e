package dev.fovea.jobs.upscaling.audit;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.decode.PngBands;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import dev.fovea.pictures.resample.ImresizeBands;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads an output back and makes it as small as its input, PNG in the memory of a few rows. */
public final class OutputReduction {
  private OutputReduction() {}

  /**
   * The output of a PNG file, reduced.
   *
   * @param low the input
   * @throws RejectedPictureException if the file is damaged or of another size
   */
  public static Picture ofPng(InputStream file, Picture low, int upscaleRatio) throws IOException {
    int width = low.width() * upscaleRatio;
    int height = low.height() * upscaleRatio;
    ImresizeBands reduced = new ImresizeBands(width, height, low.width(), low.height());
    PngBands.read(file, width, height, reduced::add);
    return reduced.finished();
  }

  /**
   * The output of a file of any format, decoded whole and reduced.
   *
   * @throws RejectedPictureException if the file is damaged or of another size
   */
  public static Picture ofAny(byte[] file, Picture low, int upscaleRatio) throws IOException {
    int width = low.width() * upscaleRatio;
    int height = low.height() * upscaleRatio;
    Limits limits = Limits.defaults().withPixels((long) width * height);
    Picture picture = PictureDecoder.decode(file, limits, ColourPolicy.KEEP).picture();
    if (picture.width() != width || picture.height() != height) {
      throw new RejectedPictureException(
          "it is of %dx%d pixels instead of %dx%d"
              .formatted(picture.width(), picture.height(), width, height));
    }
    ImresizeBands reduced = new ImresizeBands(width, height, low.width(), low.height());
    reduced.add(picture);
    return reduced.finished();
  }

  /** The input as a format without alpha shows it: laid on white. */
  public static Picture onWhite(Picture picture) {
    if (picture.alpha().isEmpty()) {
      return picture;
    }
    Picture eight = picture.toEightBit();
    Samples samples = eight.samples();
    Samples alpha = eight.alpha().orElseThrow();
    int channels = eight.channels();
    byte[] flat = new byte[samples.length()];
    for (int i = 0; i < flat.length; i++) {
      int a = alpha.at(i / channels);
      flat[i] = (byte) ((samples.at(i) * a + 255 * (255 - a) + 127) / 255);
    }
    return new Picture(
        picture.width(),
        picture.height(),
        picture.grey(),
        new Samples.Bytes(flat),
        Optional.empty(),
        Metadata.NONE);
  }
}
