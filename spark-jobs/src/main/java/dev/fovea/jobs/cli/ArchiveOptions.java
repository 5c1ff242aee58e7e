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
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Animations;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Existing;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Style;
import dev.fovea.jobs.upscaling.archive.ArchiveSummary;
import dev.fovea.jobs.upscaling.archive.OutputFormat;
import dev.fovea.jobs.upscaling.single.Ensemble;
import dev.fovea.jobs.upscaling.single.ModelChoice;
import dev.fovea.jobs.upscaling.single.ModelSearch;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.pictures.picture.ColourPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
      description = "A text file with the path of one picture a line.")
  private String imagesList;

  @Option(
      names = "--output-name",
      defaultValue = ArchiveSettings.DEFAULT_NAME,
      paramLabel = "TEMPLATE",
      order = 102,
      description =
          "Name of each result: {name}, {source-ext}, {ratio} and {ext} are replaced. Default:"
              + " ${DEFAULT-VALUE}.")
  private String outputName;

  @Option(
      names = "--format",
      defaultValue = "png",
      paramLabel = "FORMAT",
      order = 103,
      description = "png, jpeg or webp (lossless, unless --quality is given).")
  private String format;

  @Option(
      names = "--quality",
      paramLabel = "Q",
      order = 104,
      description = "Of jpeg (95 unless given) and of lossy webp, 1 to 100.")
  private Integer quality;

  @Option(
      names = "--png-level",
      defaultValue = "" + OutputFormat.DEFAULT_PNG_LEVEL,
      paramLabel = "0-9",
      order = 105,
      description = "How hard PNG is packed; up to 3 is fast.")
  private int pngLevel;

  @Option(
      names = "--colours",
      defaultValue = "keep",
      paramLabel = "WHAT",
      order = 106,
      description = "keep: colour profiles are kept; srgb: colours are converted to sRGB.")
  private String colours;

  @Option(
      names = "--animations",
      defaultValue = "first",
      paramLabel = "WHAT",
      order = 107,
      description = "first: the first frame is upscaled, and noted; reject.")
  private String animations;

  @Option(
      names = "--self-ensemble",
      order = 108,
      description =
          "Average the results of eight flips and rotations: eight times the work, a little"
              + " better.")
  private boolean selfEnsemble;

  @Option(
      names = "--max-megapixels",
      defaultValue = "100",
      paramLabel = "N",
      order = 109,
      description = "Reject pictures larger than this before they are decoded.")
  private int maxMegapixels;

  @Option(
      names = "--overwrite",
      order = 110,
      description =
          "Replace results that were made with another model or other settings, and files that"
              + " Fovea did not write. An input is never replaced.")
  private boolean overwrite;

  @Option(
      names = "--audit-only",
      order = 111,
      description = "Upscale nothing; compare the results that are there with their sources.")
  private boolean auditOnly;

  @Option(
      names = "--fail-on-rejected",
      order = 112,
      description =
          "End with exit code 3 if a picture was rejected, or a result does not show its source.")
  private boolean failOnRejected;

  @Mixin private SparkOptions spark = new SparkOptions();

  /** What becomes of a file that lies where a single result goes. */
  ExistingFile existingFile() {
    return overwrite ? ExistingFile.REPLACE : ExistingFile.KEEP;
  }

  /** Whether many pictures are asked for. */
  boolean given() {
    return !imagesPaths.isEmpty() || imagesList != null;
  }

  /**
   * Runs the job.
   *
   * @return an {@link ExitCode}
   */
  int run(Console console, ModelChoice choice, Optional<String> output, EngineChoice engine)
      throws Exception {
    ArchiveSettings settings =
        new ArchiveSettings(
            imagesPaths,
            Optional.ofNullable(imagesList),
            output.orElse("./upscaled"),
            outputName,
            style(),
            engine,
            maxMegapixels,
            overwrite ? Existing.OVERWRITE : Existing.KEEP,
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

  private Style style() {
    OptionalInt asked = quality == null ? OptionalInt.empty() : OptionalInt.of(quality);
    ColourPolicy policy =
        switch (colours) {
          case "keep" -> ColourPolicy.KEEP;
          case "srgb" -> ColourPolicy.SRGB;
          default -> throw new UsageException("--colours", colours, "keep or srgb is allowed");
        };
    Animations frames =
        switch (animations) {
          case "first" -> Animations.FIRST_FRAME;
          case "reject" -> Animations.REJECT;
          default ->
              throw new UsageException("--animations", animations, "first or reject is allowed");
        };
    return new Style(
        OutputFormat.of(format, asked, pngLevel),
        policy,
        frames,
        selfEnsemble ? Ensemble.FLIPS_AND_ROTATIONS : Ensemble.NONE);
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
