package dev.fovea.jobs.cli;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Table;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ExistingFile;
import dev.fovea.jobs.upscaling.archive.ArchiveJob;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Existing;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.archive.ArchiveSummary;
import dev.fovea.jobs.upscaling.single.ModelChoice;
import dev.fovea.jobs.upscaling.single.ModelSearch;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code upscale} for many pictures, and the job they make. */
final class ArchiveOptions {
  private static final int SHOWN_OUTLIERS = 20;

  @Option(
      names = "--images-path",
      arity = "1..*",
      paramLabel = "PATH",
      order = 100,
      description =
          "Many pictures, as a Spark job: folders (with all below), files, globs or folders of"
              + " prepared shards; local or any Hadoop path (hdfs:, s3a:).")
  private List<String> imagesPaths = List.of();

  @Option(
      names = "--images-list",
      paramLabel = "FILE",
      order = 101,
      description =
          "A text file with the path of one picture a line, in quotes or not; lines that begin"
              + " with # are comments.")
  private String imagesList;

  @Option(
      names = "--output-name",
      paramLabel = "TEMPLATE",
      order = 102,
      description =
          "Name of each result: {name}, {folder} (the one that the picture lies in),"
              + " {source-ext}, {ratio} and {ext} are replaced. Default: "
              + ArchiveSettings.DEFAULT_NAME
              + ".")
  private String outputName;

  @Option(
      names = "--audit-only",
      order = 112,
      description = "Upscale nothing; compare the results that are there with their sources.")
  private boolean auditOnly;

  @Option(
      names = "--fail-on-rejected",
      order = 113,
      description =
          "End with exit code 3 if a picture was rejected, or a result does not show its source.")
  private boolean failOnRejected;

  @Mixin private SparkOptions spark = new SparkOptions();

  /** Whether many pictures are asked for. */
  boolean given() {
    return !imagesPaths.isEmpty() || imagesList != null;
  }

  /**
   * Looks whether options were given that say nothing about a single picture.
   *
   * @throws UsageException naming the first of them
   */
  void requireNone() {
    Optional<String> first =
        outputName != null
            ? Optional.of("--output-name")
            : auditOnly
                ? Optional.of("--audit-only")
                : failOnRejected ? Optional.of("--fail-on-rejected") : spark.firstGiven();
    first.ifPresent(
        option -> {
          throw new UsageException(
              "%s belongs to --images-path and --images-list; one picture is upscaled without it"
                  .formatted(option));
        });
  }

  /**
   * Runs the job.
   *
   * @return an {@link ExitCode}
   */
  int run(
      Console console,
      ModelChoice choice,
      Optional<String> output,
      StyleOptions style,
      EngineChoice engine)
      throws Exception {
    ArchiveSettings settings =
        new ArchiveSettings(
            imagesPaths,
            Optional.ofNullable(imagesList),
            output.orElse("./upscaled"),
            outputName == null ? ArchiveSettings.DEFAULT_NAME : outputName,
            style.style(),
            engine,
            style.maxMegapixels(),
            style.pictureSeconds(),
            style.existing() == ExistingFile.REPLACE ? Existing.OVERWRITE : Existing.KEEP,
            auditOnly ? Mode.AUDIT : Mode.UPSCALE);
    SparkSetup setup = spark.setup();
    Configuration hadoop = setup.hadoopConfiguration();
    ModelWeights model = new ModelSearch(hadoop, console::note).weights(choice);
    ArchiveJob job = new ArchiveJob(hadoop, settings, model, console);
    ArchiveSummary summary;
    try (JavaSparkContext context = setup.open("fovea upscale", cores -> cores)) {
      summary = job.run(context);
    }
    print(console, summary);
    boolean complaint = summary.rejected() > 0 || !summary.outliers().isEmpty();
    return failOnRejected && complaint ? ExitCode.REJECTED : ExitCode.DONE;
  }

  private static void print(Console console, ArchiveSummary summary) {
    Table table = new Table("", "", "");
    table.row(
        "upscaled",
        Figures.count(summary.upscaled()),
        "%s megapixels to %s, %s pictures/s"
            .formatted(
                Figures.decimal(summary.inputMegapixels()),
                Figures.decimal(summary.outputMegapixels()),
                Figures.decimal(summary.picturesPerSecond())));
    table.row("skipped", Figures.count(summary.skipped()), "");
    table.row("rejected", Figures.count(summary.rejected()), "");
    table.row("outliers", Figures.count(summary.outliers().size()), "");
    console.table(table);
    summary
        .rejections()
        .forEach(one -> console.note("rejected %s: %s".formatted(one.path(), one.reason())));
    if (summary.rejected() > summary.rejections().size()) {
      long more = summary.rejected() - summary.rejections().size();
      console.note("and %s more, in the manifest".formatted(Figures.count(more)));
    }
    if (summary.halvings() > 0) {
      console.note(
          "memory did not suffice for the tiles of %s at first"
              .formatted(Figures.count(summary.halvings(), "picture", "pictures")));
    }
    summary.outliers().stream()
        .limit(SHOWN_OUTLIERS)
        .forEach(one -> console.line("outlier: %s: %s".formatted(one.output(), one.reason())));
    Duration elapsed = Duration.ofMillis(Math.round(summary.seconds() * 1000));
    console.line("%s in %s".formatted(summary.manifest(), Figures.duration(elapsed)));
  }
}
