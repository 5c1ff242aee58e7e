package dev.fovea.jobs.evaluation.measure;

import dev.fovea.model.metric.Psnr;
import dev.fovea.model.metric.Raster;
import dev.fovea.model.metric.Ssim;
import dev.fovea.model.metric.Vif;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;

/**
 * Scores predictions against one original by a protocol. Both are 8-bit pictures of one size; where
 * the original is grey, so are the predictions. Immutable and safe for use by several threads.
 */
final class PictureScorer {
  private static final double WHITE = 255;

  private final Protocol protocol;
  private final int border;
  private final Raster original;

  /**
   * Prepares an original.
   *
   * @param original with sides that are multiples of the ratio
   * @throws RejectedPictureException if too little is left for the metrics' windows
   */
  PictureScorer(Protocol protocol, int upscaleRatio, Picture original)
      throws RejectedPictureException {
    this.protocol = protocol;
    this.border = protocol.border(upscaleRatio);
    int width = original.width() - 2 * border;
    int height = original.height() - 2 * border;
    if (Math.min(width, height) < Vif.MINIMUM_SIZE) {
      throw new RejectedPictureException(
          "at x%d protocol %s compares %dx%d pixels of it; the metrics need %d on each side"
              .formatted(
                  upscaleRatio,
                  protocol.id(),
                  Math.max(0, width),
                  Math.max(0, height),
                  Vif.MINIMUM_SIZE));
    }
    this.original = compared(original);
  }

  Scores score(Picture prediction) {
    Raster predicted = compared(prediction);
    return new Scores(
        Psnr.of(predicted, original), Ssim.of(predicted, original), Vif.of(predicted, original));
  }

  /** What the protocol compares: Y or grey as one plane, RGB as three. */
  private Raster compared(Picture picture) {
    Raster whole =
        Raster.withPeak(
            WHITE, picture.channels(), picture.height(), picture.width(), planar(picture));
    return (protocol == Protocol.Y ? whole.luma() : whole).withoutBorder(border);
  }

  private static float[] planar(Picture picture) {
    int channels = picture.channels();
    int pixels = picture.height() * picture.width();
    float[] planar = new float[pixels * channels];
    for (int channel = 0; channel < channels; channel++) {
      for (int i = 0; i < pixels; i++) {
        planar[channel * pixels + i] = picture.samples().at(i * channels + channel);
      }
    }
    return planar;
  }
}
