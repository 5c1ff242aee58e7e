package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Progress;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ExistingFile;
import dev.fovea.jobs.support.files.WholeFile;
import dev.fovea.jobs.support.files.Writable;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.resample.ColourBleeding;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Upscales one file into one PNG: everything that can be wrong is found before the work begins. */
public final class UpscaleFile {

  private final Configuration hadoop;
  private final String source;
  private final Picture picture;
  private final Path output;

  private UpscaleFile(Configuration hadoop, String source, Picture picture, Path output) {
    this.hadoop = hadoop;
    this.source = source;
    this.picture = picture;
    this.output = output;
  }

  /**
   * Reads the picture and finds out where the result goes.
   *
   * @param output a file, or a folder; by default the working directory
   * @param existing what becomes of a file that is there
   * @throws UsageException if the picture cannot be used or the result cannot be written
   */
  public static UpscaleFile plan(
      Configuration hadoop,
      String source,
      Optional<String> output,
      int upscaleRatio,
      ExistingFile existing)
      throws IOException {
    Picture picture = PictureFile.decode(hadoop, Setting.IMAGE_PATH, source, ColourPolicy.KEEP);
    Path input = new Path(source);
    Path target = OutputName.under(hadoop, output.orElse("./"), input, upscaleRatio);
    Writable.requireFree(hadoop, Setting.OUTPUT_PATH, target, existing, List.of(input));
    Writable.requireFile(hadoop, Setting.OUTPUT_PATH, target);
    return new UpscaleFile(hadoop, source, ColourBleeding.underTransparency(picture), target);
  }

  /**
   * Upscales and writes the PNG, whole or not at all.
   *
   * @throws UsageException if the result would be too large or cannot be written
   */
  public void run(OpenUpscaler upscaler, Console console) throws IOException {
    Picture result;
    try (Progress progress = console.progress("upscale", TiledUpscaler.pixels(picture), "pixels")) {
      result = upscaler.upscale(picture, progress::add);
    } catch (RejectedPictureException e) {
      throw new UsageException(Setting.IMAGE_PATH, source, e.getMessage());
    }
    try {
      WholeFile.write(hadoop, output, PngEncoder.encode(result));
    } catch (IOException e) {
      throw new UsageException(Setting.OUTPUT_PATH, output, e.getMessage());
    }
    console.line(
        "%s: %sx%s pixels"
            .formatted(output, Figures.count(result.width()), Figures.count(result.height())));
  }
}
