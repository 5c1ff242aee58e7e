package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ExistingFile;
import dev.fovea.jobs.support.files.WholeFile;
import dev.fovea.jobs.support.files.Writable;
import dev.fovea.jobs.upscaling.single.Bicubic;
import dev.fovea.jobs.upscaling.single.OpenUpscaler;
import dev.fovea.jobs.upscaling.single.PictureFile;
import dev.fovea.jobs.upscaling.single.SideBySide;
import dev.fovea.jobs.upscaling.single.SideBySide.Panel;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Makes a picture smaller, upscales it again, and shows bicubic, the model's result and the
 * original beside each other: of a large picture the part with the most detail, each result with
 * the whole picture's PSNR by {@link Protocol#Y}.
 */
public final class SideBySideComparison {

  /** Side in pixels of the detail that is shown of large pictures. */
  private static final int SHOWN = 480;

  private final Configuration hadoop;
  private final String source;
  private final Picture original;
  private final Path output;
  private final int ratio;

  private SideBySideComparison(
      Configuration hadoop, String source, Picture original, Path output, int ratio) {
    this.hadoop = hadoop;
    this.source = source;
    this.original = original;
    this.output = output;
    this.ratio = ratio;
  }

  /**
   * Reads the original.
   *
   * @param existing what becomes of a file that is there
   * @throws UsageException if it cannot be used or the comparison cannot be written
   */
  public static SideBySideComparison plan(
      Configuration hadoop, String source, String output, int upscaleRatio, ExistingFile existing)
      throws IOException {
    Picture picture =
        PictureFile.decode(hadoop, Setting.ORIGINAL, source, ColourPolicy.SRGB).toEightBit();
    if (Math.min(picture.width(), picture.height()) < upscaleRatio) {
      throw new UsageException(
          Setting.ORIGINAL,
          source,
          "%dx%d pixels cannot be made %d times smaller"
              .formatted(picture.width(), picture.height(), upscaleRatio));
    }
    Path target = new Path(output);
    Writable.requireFree(
        hadoop, Setting.SIDE_BY_SIDE_PATH, target, existing, List.of(new Path(source)));
    Writable.requireFile(hadoop, Setting.SIDE_BY_SIDE_PATH, target);
    Picture cropped = Bicubic.croppedToMultiple(picture, upscaleRatio);
    Picture opaque =
        Picture.plain(cropped.width(), cropped.height(), cropped.grey(), cropped.samples());
    return new SideBySideComparison(hadoop, source, opaque, target, upscaleRatio);
  }

  /**
   * Upscales and writes the PNG, whole or not at all.
   *
   * @throws UsageException if it cannot be written
   */
  public void run(OpenUpscaler upscaler, Console console) throws IOException {
    Picture low = Bicubic.downscaled(original, ratio);
    Picture bicubic = Bicubic.upscaled(low, ratio);
    Picture ours;
    try {
      ours = upscaler.upscale(low);
    } catch (RejectedPictureException e) {
      throw new UsageException(Setting.ORIGINAL, source, e.getMessage());
    }
    String bicubicLabel = "bicubic" + psnr(bicubic);
    String oursLabel = "ours" + psnr(ours);
    DetailWindow window = DetailWindow.of(original, SHOWN);
    Picture shown =
        SideBySide.of(
            List.of(
                new Panel(bicubicLabel, window.of(bicubic)),
                new Panel(oursLabel, window.of(ours)),
                new Panel("original", window.of(original))));
    try {
      WholeFile.write(hadoop, output, PngEncoder.encode(shown));
    } catch (IOException e) {
      throw new UsageException(Setting.SIDE_BY_SIDE_PATH, output, e.getMessage());
    }
    console.line("%s: %s | %s | original".formatted(output, bicubicLabel, oursLabel));
  }

  private String psnr(Picture prediction) {
    return scorer()
        .map(s -> String.format(Locale.ROOT, " %.2f dB", s.score(prediction).psnr()))
        .orElse("");
  }

  /** A picture too small for the metrics can be looked at all the same. */
  private Optional<PictureScorer> scorer() {
    try {
      return Optional.of(new PictureScorer(Protocol.Y, ratio, original));
    } catch (RejectedPictureException e) {
      return Optional.empty();
    }
  }
}
