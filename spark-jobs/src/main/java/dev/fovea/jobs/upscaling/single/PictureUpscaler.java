package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.upscaling.single.TiledUpscaler.Rectangle;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Upscales whole pictures as they are: 8 or 16 bits, grey or RGB, with alpha and metadata. The
 * network sees RGB; of a grey picture's result the luma of BT.601 is kept. Alpha is enlarged by
 * {@link Bicubic}. As thread-safe as the upscaler it uses, which is not.
 */
public final class PictureUpscaler {
  private final TiledUpscaler upscaler;
  private final int ratio;

  public PictureUpscaler(TiledUpscaler upscaler, int upscaleRatio) {
    this.upscaler = upscaler;
    this.ratio = upscaleRatio;
  }

  /**
   * The picture with both sides multiplied by the upscale ratio.
   *
   * @param done is told how many of the picture's pixels have been upscaled since the last time
   * @throws RejectedPictureException if the result is too large for one picture or for the memory
   */
  public Picture upscale(Picture picture, LongConsumer done) throws RejectedPictureException {
    int width = picture.width() * ratio;
    int height = picture.height() * ratio;
    checkSize(picture);
    SampleBuffer buffer = SampleBuffer.of(picture.bitDepth(), width * height * picture.channels());
    upscaler.upscale(
        picture,
        (rectangle, y, x) -> {
          if (picture.grey()) {
            putLuma(rectangle, buffer, y, x, width);
          } else {
            putColours(rectangle, buffer, y, x, width);
          }
          done.accept((long) rectangle.height() * rectangle.width() / ((long) ratio * ratio));
        });
    Optional<Samples> alpha =
        picture.alpha().map(plane -> Bicubic.resizedAlpha(picture, plane, height, width));
    return picture
        .withSamples(width, height, buffer.samples(), alpha)
        .withMetadata(picture.metadata().enlarged(width, height, ratio));
  }

  /** The samples, and about as much again for the encoded file, must fit into the heap. */
  private void checkSize(Picture picture) throws RejectedPictureException {
    long width = (long) picture.width() * ratio;
    long height = (long) picture.height() * ratio;
    long samples = width * height * picture.channels();
    long planes = picture.alpha().isPresent() ? width * height * (1 + Float.BYTES) : 0;
    long bytes = 2 * (samples * picture.bitDepth() / 8 + planes);
    long heap = Runtime.getRuntime().maxMemory();
    if (samples > Integer.MAX_VALUE - 8 || bytes > heap) {
      throw new RejectedPictureException(
          "%dx%d pixels would become %dx%d, which takes about %d MiB; the heap has %d MiB"
              .formatted(
                  picture.width(), picture.height(), width, height, bytes >> 20, heap >> 20));
    }
  }

  static void putColours(Rectangle from, SampleBuffer to, int y, int x, int width) {
    for (int row = 0; row < from.height(); row++) {
      int index = 3 * ((y + row) * width + x);
      for (int column = 0; column < from.width(); column++) {
        to.put(index++, from.at(0, row, column));
        to.put(index++, from.at(1, row, column));
        to.put(index++, from.at(2, row, column));
      }
    }
  }

  static void putLuma(Rectangle from, SampleBuffer to, int y, int x, int width) {
    for (int row = 0; row < from.height(); row++) {
      int index = (y + row) * width + x;
      for (int column = 0; column < from.width(); column++) {
        float luma =
            0.299f * from.at(0, row, column)
                + 0.587f * from.at(1, row, column)
                + 0.114f * from.at(2, row, column);
        to.put(index++, luma);
      }
    }
  }
}
