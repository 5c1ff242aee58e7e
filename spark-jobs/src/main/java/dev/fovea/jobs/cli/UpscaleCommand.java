package dev.fovea.jobs.cli;

import dev.fovea.jobs.evaluation.measure.SideBySideComparison;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.upscaling.archive.UpscaleFile;
import dev.fovea.jobs.upscaling.single.ModelChoice;
import dev.fovea.jobs.upscaling.single.ModelSearch;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.OpenUpscaler;
import dev.fovea.jobs.upscaling.single.OutputName;
import dev.fovea.model.config.UpscalerConfig;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Upscales one picture, or an archive of them. */
@Command(
    name = "upscale",
    description = {
      "Upscale a picture, or an archive of pictures, of any size; grey, 16-bit, transparent and"
          + " colour-managed ones stay so.",
      "The model is that of --checkpoint-path or --model, else of ./checkpoints/fine-tuned, else of"
          + " ./checkpoints/checkpoint, else the shipped model of the upscale ratio."
    })
final class UpscaleCommand extends FoveaCommand {
  @Option(
      names = "--image-path",
      paramLabel = "FILE",
      description = "The picture: JPEG, PNG, GIF or WEBP; local or any Hadoop path.")
  private String imagePath;

  @Option(
      names = "--checkpoint-path",
      paramLabel = "FOLDER",
      description = "The model's checkpoint, a registry, or the name of a shipped model.")
  private String checkpointPath;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "A shipped model by its size or its name; 'fovea models' lists them.")
  private String model;

  @Option(
      names = "--upscale-ratio",
      paramLabel = "R",
      description = "2, 4 or 8; without it that of the model, which is 4 for a shipped one.")
  private Integer upscaleRatio;

  @Option(
      names = "--output-path",
      paramLabel = "FILE",
      description =
          "The picture to write, or the folder for it. Without it NAME_4x.png in this folder, for"
              + " a model that upscales 4 times; for --images-path the folder ./upscaled.")
  private String outputPath;

  @Option(
      names = "--original",
      paramLabel = "FILE",
      description =
          "A picture to be made smaller and upscaled again, so that the result can be seen beside"
              + " it.")
  private String original;

  @Option(
      names = "--side-by-side-path",
      paramLabel = "FILE",
      description = "The PNG that shows bicubic, the model's result and the original.")
  private String sideBySidePath;

  @Mixin private StyleOptions style = new StyleOptions();

  @Mixin private ArchiveOptions archive = new ArchiveOptions();

  @Mixin private EngineOptionsMixin engine = new EngineOptionsMixin();

  @Override
  protected int run(Console console) throws Exception {
    ModelChoice chosen =
        new ModelChoice(
            Optional.ofNullable(checkpointPath),
            Optional.ofNullable(model),
            upscaleRatio == null ? OptionalInt.empty() : OptionalInt.of(upscaleRatio));
    if (archive.given()) {
      if (imagePath != null || original != null) {
        throw new UsageException(
            "--images-path and --images-list upscale many pictures; --image-path and --original one");
      }
      return archive.run(console, chosen, Optional.ofNullable(outputPath), style, engine.choice());
    }
    if (imagePath == null && original == null) {
      throw new UsageException("--image-path is missing; --help tells more");
    }
    if ((original == null) != (sideBySidePath == null)) {
      throw new UsageException("--original and --side-by-side-path are given together or not");
    }
    if (imagePath == null && outputPath != null) {
      throw new UsageException("--output-path", outputPath, "there is no --image-path to upscale");
    }
    archive.requireNone();
    EngineChoice choice = engine.choice();
    Configuration hadoop = SparkSetup.embedded().hadoopConfiguration();
    ModelWeights weights = new ModelSearch(hadoop, console::note).weights(chosen);
    Optional<UpscaleFile> file =
        imagePath == null ? Optional.empty() : Optional.of(file(hadoop, weights.config()));
    Optional<SideBySideComparison> comparison =
        original == null ? Optional.empty() : Optional.of(comparison(hadoop, weights.config()));
    file.ifPresent(one -> one.run(weights, choice, console));
    if (comparison.isPresent()) {
      int threads = Runtime.getRuntime().availableProcessors();
      try (OpenUpscaler upscaler = OpenUpscaler.open(weights, choice, threads)) {
        comparison.get().run(upscaler, console);
      }
    }
    return ExitCode.DONE;
  }

  private UpscaleFile file(Configuration hadoop, UpscalerConfig model) throws IOException {
    Optional<String> output = Optional.ofNullable(outputPath);
    boolean folder = output.isEmpty() || OutputName.isFolder(hadoop, output.get());
    return UpscaleFile.plan(
        hadoop,
        imagePath,
        output,
        style.styleOf(output, folder),
        style.limits(),
        style.existing(),
        model);
  }

  private SideBySideComparison comparison(Configuration hadoop, UpscalerConfig model)
      throws IOException {
    return SideBySideComparison.plan(
        hadoop, original, sideBySidePath, model.upscaleRatio(), style.existing());
  }
}
