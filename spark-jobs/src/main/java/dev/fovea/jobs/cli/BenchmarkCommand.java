package dev.fovea.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fovea.jobs.benchmark.pipeline.PipelineBenchmark;
import dev.fovea.jobs.benchmark.pipeline.PipelineFigure;
import dev.fovea.jobs.benchmark.scaling.ScalingBenchmark;
import dev.fovea.jobs.benchmark.scaling.ScalingReport;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Table;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.upscaling.archive.ArchiveBenchmark;
import dev.fovea.jobs.upscaling.archive.OutputFormat;
import dev.fovea.model.benchmark.Benchmark;
import dev.fovea.model.benchmark.BenchmarkReport;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.UpscalerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures speed on this machine, beside rivals in the same run. */
@Command(
    name = "benchmark",
    description = {
      "Measure speed on this machine, beside rivals in the same run.",
      "step: whole optimiser steps of both engines, in fp32 and, where it is multiplied natively,"
          + " bf16; inference: upscaling, with onnxruntime beside them on the CPU; pipeline:"
          + " pictures read, decoded and made into training pairs, on one core and on all, beside"
          + " torchvision where Python has it; archive: the job that upscales many pictures (C32"
          + " N8, twice) beside the engine alone; scaling: training on different numbers of"
          + " executors, each round split, and what that predicts for larger clusters."
    })
final class BenchmarkCommand extends FoveaCommand {
  /** What is measured. */
  enum What {
    STEP,
    INFERENCE,
    PIPELINE,
    ARCHIVE,
    SCALING
  }

  @Option(
      names = "--what",
      required = true,
      paramLabel = "WHAT",
      order = 10,
      description = "step, inference, pipeline, archive or scaling.")
  private What what;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      paramLabel = "DEVICE",
      order = 11,
      description = "Where the engines run: cpu, cuda or cuda:N.")
  private String device;

  @Option(
      names = "--turns",
      defaultValue = "10",
      paramLabel = "N",
      order = 12,
      description = "How many times each contender is measured.")
  private int turns;

  @Option(
      names = "--images-path",
      arity = "1..*",
      paramLabel = "FOLDER",
      order = 13,
      description =
          "Local folders of pictures, or of prepared shards, for the pipeline, which measures each;"
              + " one folder of pictures for the archive; one folder of shards, on any path, for"
              + " scaling, which otherwise trains on noise in memory.")
  private List<String> imagesPaths = List.of();

  @Option(
      names = "--seconds",
      defaultValue = "5",
      paramLabel = "S",
      order = 14,
      description = "How long each chain of the pipeline is measured, after as long a warm-up.")
  private int seconds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      order = 15,
      description = "A local file that receives the figures as JSON.")
  private String json;

  @Mixin private ScalingOptions scaling = new ScalingOptions();

  @Mixin private SparkOptions spark = new SparkOptions();

  @Override
  protected int run(Console console) throws Exception {
    Require.atLeast("--turns", turns, 1);
    Require.atLeast("--seconds", seconds, 1);
    String figures =
        switch (what) {
          case PIPELINE -> pipeline(console);
          case ARCHIVE -> archive(console);
          case SCALING -> scaling(console);
          case STEP, INFERENCE -> engines(console);
        };
    if (json != null) {
      try {
        Files.writeString(Path.of(json), figures + "\n");
      } catch (IOException | InvalidPathException e) {
        throw new UsageException("--json", json, "it cannot be written: " + e.getMessage());
      }
    }
    return ExitCode.DONE;
  }

  private String engines(Console console) {
    Device chosen;
    try {
      chosen = Device.of(device);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--device", device, e.getMessage());
    }
    List<BenchmarkReport> reports =
        new Benchmark(
                Benchmark.Work.valueOf(what.name()),
                chosen,
                Runtime.getRuntime().availableProcessors(),
                turns)
            .run(console::note);
    reports.forEach(report -> console.lines(report.table()));
    return "[" + String.join(",\n", reports.stream().map(BenchmarkReport::json).toList()) + "]";
  }

  private String archive(Console console) throws Exception {
    requireImages();
    if (imagesPaths.size() > 1) {
      throw new UsageException("--images-path: one folder is allowed for the archive");
    }
    List<ArchiveBenchmark.Figure> figures =
        new ArchiveBenchmark(
                Path.of(imagesPaths.get(0)),
                new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 32, 2, 8),
                new EngineChoice("auto", device, "auto"),
                OutputFormat.DEFAULT,
                turns)
            .run(console);
    Table table = new Table("contender", "pictures/s", "share", "CPU s a picture");
    for (ArchiveBenchmark.Figure figure : figures) {
      table.row(
          figure.contender(),
          String.format(Locale.ROOT, "%.2f", figure.picturesPerSecond()),
          String.format(Locale.ROOT, "%.0f %%", 100 * figure.share()),
          String.format(Locale.ROOT, "%.3f", figure.cpuSeconds()));
    }
    console.table(table);
    return json(figures);
  }

  private String scaling(Console console) throws Exception {
    ScalingReport report =
        new ScalingBenchmark(scaling.settings(spark.setup(), device, imagesPaths)).run(console);
    report.print(console);
    return json(report);
  }

  private void requireImages() {
    if (imagesPaths.isEmpty()) {
      throw new UsageException(
          "--images-path is missing: the %s needs a folder of pictures"
              .formatted(what.name().toLowerCase(Locale.ROOT)));
    }
  }

  private String pipeline(Console console) throws Exception {
    requireImages();
    List<PipelineFigure> figures = new ArrayList<>();
    for (String folder : imagesPaths) {
      PipelineBenchmark benchmark = new PipelineBenchmark(Path.of(folder), seconds);
      console.note(
          "measuring '%s': each chain takes %s s and as long a warm-up".formatted(folder, seconds));
      figures.addAll(benchmark.run());
    }
    Table table =
        new Table("contender", "from", "chain", "cores", "pictures/s", "a core", "a CPU second");
    for (PipelineFigure figure : figures) {
      table.row(
          figure.contender(),
          figure.source(),
          figure.chain(),
          String.valueOf(figure.threads()),
          String.format(Locale.ROOT, "%.1f", figure.picturesPerSecond()),
          String.format(Locale.ROOT, "%.1f", figure.perThread()),
          String.format(Locale.ROOT, "%.1f", figure.picturesPerCpuSecond()));
    }
    console.table(table);
    return json(figures);
  }

  private static String json(Object figures) throws JsonProcessingException {
    return new ObjectMapper()
        .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValueAsString(figures);
  }
}
