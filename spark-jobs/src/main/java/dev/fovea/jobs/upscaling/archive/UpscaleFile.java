package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Progress;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ExistingFile;
import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.jobs.support.files.Writable;
import dev.fovea.jobs.upscaling.archive.ArchivePipeline.Networks;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Existing;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Style;
import dev.fovea.jobs.upscaling.archive.Outcome.FileFacts;
import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.OutputName;
import dev.fovea.jobs.upscaling.single.PictureFile;
import dev.fovea.jobs.upscaling.single.Tiling;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.pictures.decode.PictureHeader;
import dev.fovea.pictures.picture.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Upscales one file into one file as the archive job does, without Spark: what can be found wrong
 * with paths, options and the picture's header is found before a network is opened.
 */
public final class UpscaleFile {
  private final Configuration hadoop;
  private final String source;
  private final FileStatus input;
  private final PictureHeader header;
  private final Path output;
  private final Style style;
  private final Limits limits;
  private final UpscalerConfig model;

  private UpscaleFile(
      Configuration hadoop,
      String source,
      FileStatus input,
      PictureHeader header,
      Path output,
      Style style,
      Limits limits,
      UpscalerConfig model) {
    this.hadoop = hadoop;
    this.source = source;
    this.input = input;
    this.header = header;
    this.output = output;
    this.style = style;
    this.limits = limits;
    this.model = model;
  }

  /**
   * Looks at the picture and finds out where the result goes.
   *
   * @param output a file, or a folder; by default the working directory
   * @param existing what becomes of a file that is there
   * @throws UsageException if the picture cannot be used or the result cannot be written
   */
  public static UpscaleFile plan(
      Configuration hadoop,
      String source,
      Optional<String> output,
      Style style,
      Limits limits,
      ExistingFile existing,
      UpscalerConfig model)
      throws IOException {
    byte[] bytes = PictureFile.read(hadoop, Setting.IMAGE_PATH, source, limits);
    PictureHeader header;
    try {
      header = PictureHeader.read(bytes);
    } catch (IOException e) {
      throw refused(source, e.getMessage());
    }
    Path input = InputStreams.path(source);
    String ending = style.format().extension();
    Path target =
        OutputName.under(hadoop, output.orElse("./"), input, model.upscaleRatio(), ending);
    Writable.requireFree(hadoop, Setting.OUTPUT_PATH, target, existing, List.of(input));
    Writable.requireFile(hadoop, Setting.OUTPUT_PATH, target);
    return new UpscaleFile(
        hadoop,
        source,
        input.getFileSystem(hadoop).getFileStatus(input),
        header,
        target,
        style,
        limits,
        model);
  }

  /**
   * Upscales and writes the picture, whole or not at all.
   *
   * @param weights of the model that was planned with
   * @throws UsageException if the picture is refused or the result cannot be written
   */
  public void run(ModelWeights weights, EngineChoice engine, Console console) {
    Path file = qualified();
    Path folder = file.getParent();
    TaskSetup setup =
        new TaskSetup(
            UUID.randomUUID().toString(),
            folder.toString(),
            "",
            style.format(),
            style.colours(),
            style.animations(),
            style.damage(),
            style.ensemble(),
            Mode.UPSCALE,
            engine,
            model.upscaleRatio(),
            limits,
            Existing.OVERWRITE,
            false);
    ArchiveItem item =
        ArchiveItem.ofFile(
            input.getPath().toString(),
            input.getLen(),
            input.getModificationTime(),
            file.getName());
    int cores = Runtime.getRuntime().availableProcessors();
    Networks networks = Networks.forTiles(tiles(), cores);
    OutputTree tree = OutputTree.plain(hadoop, folder);
    try (ArchivePipeline pipeline = new ArchivePipeline(setup, tree, weights, hadoop, networks);
        Progress progress = console.progress("upscale", header.pixels(), "pixels")) {
      progress.watch(pipeline::pixelsDone);
      report(pipeline.submit(item).get(), console);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      DeviceNetworks.close(setup.run());
    }
  }

  private Path qualified() {
    try {
      return output.getFileSystem(hadoop).makeQualified(output);
    } catch (IOException e) {
      throw new UsageException(Setting.OUTPUT_PATH, output, e.getMessage());
    }
  }

  private int tiles() {
    return Tiling.of(model)
        .evenPlan(header.height(), header.width(), header.height())
        .tiles()
        .size();
  }

  private void report(Outcome outcome, Console console) {
    if (outcome instanceof Rejected rejected) {
      throw refused(source, rejected.reason());
    }
    Upscaled upscaled = (Upscaled) outcome; // There is no earlier run for it to be skipped.
    upscaled.notes().forEach(note -> console.note("%s: %s".formatted(source, note)));
    FileFacts made = upscaled.output();
    console.line(
        "%s: %sx%s pixels"
            .formatted(output, Figures.count(made.width()), Figures.count(made.height())));
  }

  private static UsageException refused(String source, String reason) {
    return new UsageException(Setting.IMAGE_PATH, source, "it cannot be upscaled: " + reason);
  }
}
