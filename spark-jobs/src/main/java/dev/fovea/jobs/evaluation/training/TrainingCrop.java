package dev.fovea.jobs.evaluation.training;

import dev.fovea.jobs.evaluation.measure.DetailWindow;
import dev.fovea.jobs.evaluation.measure.Scores;
import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Settings;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.upscaling.single.Bicubic;
import dev.fovea.jobs.upscaling.single.SideBySide;
import dev.fovea.jobs.upscaling.single.SideBySide.Panel;
import dev.fovea.model.metric.Psnr;
import dev.fovea.model.metric.Raster;
import dev.fovea.model.metric.Ssim;
import dev.fovea.model.metric.Vif;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.resample.Imresize;
import dev.fovea.pictures.resample.Kernel;
import dev.fovea.pictures.resample.Resampler;
import java.util.List;
import java.util.Optional;

/** The centre of a test picture and its low resolution. Immutable, safe for several threads. */
final class TrainingCrop {
  /** Small enough that the pictures of many evaluations can be embedded in a page. */
  private static final int SAMPLE_SIDE = 160;

  private final Picture original;
  private final Settings settings;

  private TrainingCrop(Picture original, Settings settings) {
    this.original = original;
    this.settings = settings;
  }

  /** The crop of a picture; none if the picture is too small for the metrics' windows. */
  static Optional<TrainingCrop> of(Picture picture, Settings settings) {
    int height = side(picture.height(), settings);
    int width = side(picture.width(), settings);
    if (Math.min(height, width) < Vif.MINIMUM_SIZE) {
      return Optional.empty();
    }
    Picture crop =
        picture
            .toEightBit()
            .crop((picture.width() - width) / 2, (picture.height() - height) / 2, width, height);
    return Optional.of(
        new TrainingCrop(Picture.plain(width, height, crop.grey(), crop.samples()), settings));
  }

  private static int side(int available, Settings settings) {
    int fitting = available - available % settings.upscaleRatio();
    return Math.min(settings.targetResolution(), fitting);
  }

  int height() {
    return original.height();
  }

  int width() {
    return original.width();
  }

  int lowHeight() {
    return original.height() / settings.upscaleRatio();
  }

  int lowWidth() {
    return original.width() / settings.upscaleRatio();
  }

  /** Heap that the crop takes. */
  int bytes() {
    return original.samples().length();
  }

  /** Writes the low resolution as training makes it: 3 x lowHeight x lowWidth floats, 0 to 1. */
  void readLowResolution(float[] into, int offset) {
    Planes high = original.toPlanes();
    Planes low =
        switch (settings.downscaler()) {
          case BICUBIC -> Imresize.bicubic8Bit(high, lowHeight(), lowWidth());
          case BILINEAR -> Resampler.antialiased(high, lowHeight(), lowWidth(), Kernel.BILINEAR);
        };
    System.arraycopy(low.samples(), 0, into, offset, low.samples().length);
  }

  /**
   * Bicubic, a prediction and the original side by side: the detail with most to be seen.
   *
   * @param prediction 3 x height x width floats, 0 to 1
   */
  SamplePicture sample(String name, float[] prediction) {
    DetailWindow window = DetailWindow.of(original, SAMPLE_SIDE);
    Picture low = Bicubic.downscaled(original, settings.upscaleRatio());
    Picture shown =
        SideBySide.of(
            List.of(
                new Panel("bicubic", window.of(Bicubic.upscaled(low, settings.upscaleRatio()))),
                new Panel(
                    "model", window.of(Picture.rgb8(new Planes(3, height(), width(), prediction)))),
                new Panel("original", window.of(original))));
    return new SamplePicture(name, shown.width(), shown.height(), PngEncoder.encode(shown));
  }

  /** Scores a prediction of 3 x height x width floats, which is rounded to 8 bits in place. */
  Scores score(float[] prediction) {
    Planes.quantize(prediction, 0, prediction.length);
    Raster predicted = Raster.unit(3, height(), width(), prediction);
    Raster reference = Raster.unit(3, height(), width(), original.toPlanes().samples());
    return new Scores(
        Psnr.of(predicted, reference), Ssim.of(predicted, reference), Vif.of(predicted, reference));
  }
}
