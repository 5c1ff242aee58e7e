package dev.fovea.jobs.cli;

import dev.fovea.jobs.data.prepare.PrepareJob;
import dev.fovea.jobs.data.prepare.PrepareSettings;
import dev.fovea.jobs.data.prepare.PrepareSettings.ExistingOutput;
import dev.fovea.jobs.data.prepare.PrepareSummary;
import dev.fovea.jobs.data.prepare.PrepareSummary.Work;
import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Table;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks pictures and packs them into shards. */
@Command(
    name = "prepare",
    description = "Check pictures and pack them into shards, from which training reads fast.")
final class PrepareCommand extends FoveaCommand {
  @Option(
      names = "--images-path",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Folders (with all below), files or globs; local or any Hadoop path (hdfs:, s3a:).")
  private List<String> imagesPaths;

  @Option(
      names = "--output-path",
      required = true,
      paramLabel = "FOLDER",
      description = "Folder that receives the shards.")
  private String outputPath;

  @Option(
      names = "--sub-image-size",
      paramLabel = "PIXELS",
      description =
          "Cut pictures into squares of this size, 16 or more; what is smaller stays"
              + " whole. Worth it for large pictures, which otherwise are decoded whole for one"
              + " crop.")
  private Integer subImageSize;

  @Option(
      names = "--max-megapixels",
      defaultValue = "100",
      paramLabel = "N",
      description = "Reject pictures larger than this before they are decoded.")
  private int maxMegapixels;

  @Option(
      names = "--picture-seconds",
      defaultValue = "120",
      paramLabel = "N",
      description = "Reject pictures whose decoding takes more processor time than this.")
  private int pictureSeconds;

  @Option(
      names = "--terms",
      paramLabel = "TEXT",
      description =
          "Under which terms the pictures may be used, such as their licence; recorded with the"
              + " shards and in every checkpoint trained on them, and shown by fovea info.")
  private String terms;

  @Option(
      names = "--overwrite",
      description = "Replace shards that were made with other settings or of other pictures.")
  private boolean overwrite;

  @Option(
      names = "--fail-on-rejected",
      description = "End with exit code 3 if a file was rejected.")
  private boolean failOnRejected;

  @Mixin private SparkOptions spark = new SparkOptions();

  @Override
  protected int run(Console console) throws Exception {
    long started = System.nanoTime();
    PrepareSettings settings =
        new PrepareSettings(
            imagesPaths,
            outputPath,
            subImageSize == null ? OptionalInt.empty() : OptionalInt.of(subImageSize),
            maxMegapixels,
            pictureSeconds,
            overwrite ? ExistingOutput.OVERWRITE : ExistingOutput.KEEP);
    SparkSetup setup = spark.setup();
    PrepareJob job = new PrepareJob(setup.hadoopConfiguration(), settings, console);
    PrepareSummary summary;
    if (job.upToDate().isPresent()) {
      summary = job.upToDate().get();
    } else {
      try (JavaSparkContext context = setup.open("fovea prepare", cores -> cores)) {
        summary = job.run(context);
      }
    }
    if (terms != null) {
      new ShardFolder(setup.hadoopConfiguration(), summary.output()).recordTerms(terms);
    }
    print(console, job, summary, Duration.ofNanos(System.nanoTime() - started));
    return failOnRejected && summary.rejected() > 0 ? ExitCode.REJECTED : ExitCode.DONE;
  }

  private static void print(
      Console console, PrepareJob job, PrepareSummary summary, Duration elapsed) {
    Table table = new Table("", "", "");
    table.row(
        "kept",
        Figures.count(summary.kept()),
        "%s megapixels, %s stored as PNG"
            .formatted(
                Figures.decimal(summary.pixels() / 1e6), Figures.count(summary.reencoded())));
    table.row("duplicates", Figures.count(summary.duplicates()), "");
    table.row(
        "rejected",
        Figures.count(summary.rejected()),
        summary.rejected() == 0 ? "" : "listed in " + job.rejectedPath());
    console.table(table);
    long shards = summary.manifest().shards().size();
    console.line(
        "%s: %s in %s, %s%s"
            .formatted(
                summary.output(),
                Figures.count(summary.manifest().rows(), "row", "rows"),
                Figures.count(shards, "shard", "shards"),
                Figures.bytes(summary.bytes()),
                summary.work() == Work.NOT_NEEDED
                    ? "; up to date, nothing to do"
                    : " in " + Figures.duration(elapsed)));
  }
}
