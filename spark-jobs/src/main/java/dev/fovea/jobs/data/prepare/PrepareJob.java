package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.listing.InputFile;
import dev.fovea.jobs.data.listing.InputListing;
import dev.fovea.jobs.data.listing.Rejection;
import dev.fovea.jobs.data.prepare.PrepareSummary.Work;
import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.data.shard.ShardManifest;
import dev.fovea.jobs.spark.counters.JobCounters;
import dev.fovea.jobs.spark.counters.JobDescription;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Progress;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.pictures.fingerprint.Fingerprint;
import dev.fovea.pictures.fingerprint.Fingerprints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Turns folders of pictures into shards.
 *
 * <p>Every file is decoded whole, so that whoever trains on the shards meets no damaged one. The
 * same files and settings give the same shards, however many machines work on them. A picture that
 * is upright, opaque, sRGB and whole is stored as it is; others, and sub-images, as PNG without
 * alpha.
 */
public final class PrepareJob {
  private static final int REJECTIONS_SHOWN = 5;

  private final Configuration configuration;
  private final PrepareSettings settings;
  private final Setting setting;
  private final Console console;
  private final OutputFolder output;
  private final InputListing inputs;
  private final Optional<ShardManifest> upToDate;

  /**
   * Looks at inputs and output, and changes nothing.
   *
   * @throws UsageException if there is nothing to prepare, or if the output cannot take it
   */
  public PrepareJob(Configuration configuration, PrepareSettings settings, Console console)
      throws IOException {
    this(configuration, settings, Setting.IMAGES_PATH, console);
  }

  /**
   * As above, for a job that prepares what another option named.
   *
   * @param setting the option that errors about the inputs name, such as {@code --images-path}
   */
  public PrepareJob(
      Configuration configuration, PrepareSettings settings, Setting setting, Console console)
      throws IOException {
    this.configuration = configuration;
    this.setting = setting;
    this.settings = settings;
    this.console = console;
    output = new OutputFolder(configuration, settings.outputPath());
    inputs = InputListing.of(configuration, setting, settings.imagesPaths(), output.path());
    upToDate = output.upToDate(settings.recorded(), inputs.fingerprint(), settings.existing());
  }

  /** The summary of the run that made the shards that are asked for, if there was one. */
  public Optional<PrepareSummary> upToDate() {
    return upToDate.map(manifest -> new PrepareSummary(output.path(), manifest, Work.NOT_NEEDED));
  }

  /**
   * Makes the shards, unless they are there.
   *
   * @throws UsageException if the output cannot be written, or if no file is a picture; then the
   *     output is left empty
   */
  public PrepareSummary run(JavaSparkContext spark) throws IOException {
    if (upToDate.isPresent()) {
      return upToDate().orElseThrow();
    }
    inputs.leftOut().forEach(console::note);
    if (output.hasLeftovers()) {
      console.note(output.path() + ": what an unfinished run left there is replaced");
    }
    output.begin();
    JobCounters.of(spark).counter("prepare.files").add(inputs.files().size());
    Duplicates duplicates = Duplicates.find(spark, configuration, inputs.files());
    List<ChunkReport> reports = decode(spark, duplicates.without(inputs.files()));
    List<Rejection> rejected = rejected(reports, duplicates);
    long kept = reports.stream().mapToLong(ChunkReport::kept).sum();
    if (kept == 0) {
      output.abandon();
      throw new UsageException(
          setting,
          String.join(" ", settings.imagesPaths()),
          "none of %d files can be used as a picture; the first, %s: %s"
              .formatted(rejected.size(), rejected.get(0).path(), rejected.get(0).reason()));
    }
    List<ShardManifest.Shard> shards =
        reports.stream().flatMap(report -> report.shards().stream()).toList();
    Map<String, Long> counts =
        PrepareSummary.counts(
            kept,
            inputs.files().size() + inputs.unreadable().size() - kept - rejected.size(),
            rejected.size(),
            reports.stream().mapToLong(ChunkReport::reencoded).sum(),
            reports.stream().mapToLong(ChunkReport::keptPixels).sum(),
            shards.stream().mapToLong(ShardManifest.Shard::length).sum());
    output.writeRejected(rejected);
    rejected.stream()
        .limit(REJECTIONS_SHOWN)
        .forEach(one -> console.note("rejected %s: %s".formatted(one.path(), one.reason())));
    output.writeFingerprints(fingerprints(reports));
    // Reading back what was written finds a file system that lost some of it.
    String fingerprint = ShardIndex.read(configuration, output.path(), shards).fingerprint();
    ShardManifest manifest =
        new ShardManifest(settings.recorded(), inputs.fingerprint(), counts, shards, fingerprint);
    output.commit(manifest);
    return new PrepareSummary(output.path(), manifest, Work.DONE);
  }

  /** Where the rejected files are listed, one line of JSON for each. */
  public Path rejectedPath() {
    return output.rejectedPath();
  }

  private List<ChunkReport> decode(JavaSparkContext spark, List<InputFile> files) {
    List<Chunk> chunks = Chunk.cut(files);
    FilesDone filesDone = new FilesDone(spark);
    ChunkTask task =
        new ChunkTask(
            configuration,
            output.path(),
            settings,
            filesDone,
            PrepareCounters.of(JobCounters.of(spark)));
    try (Progress progress = console.progress("prepare", files.size(), "files")) {
      progress.watch(filesDone::sum);
      return JobDescription.during(
          spark,
          "prepare %d files in %d shards".formatted(files.size(), chunks.size()),
          () -> spark.parallelize(chunks, chunks.size()).map(task).collect());
    } finally {
      filesDone.forget();
    }
  }

  private static Fingerprints fingerprints(List<ChunkReport> reports) throws IOException {
    List<Fingerprint> all = new ArrayList<>();
    for (ChunkReport report : reports) {
      all.addAll(Fingerprints.parse(report.fingerprints()).all());
    }
    return new Fingerprints(all);
  }

  /** What equals a rejected file is rejected too, and is no duplicate of anything. */
  private List<Rejection> rejected(List<ChunkReport> reports, Duplicates duplicates) {
    List<Rejection> rejected = new ArrayList<>(inputs.unreadable());
    Map<String, String> reasons = new HashMap<>();
    for (ChunkReport report : reports) {
      rejected.addAll(report.rejected());
      report.rejected().forEach(one -> reasons.put(one.path(), one.reason()));
    }
    duplicates
        .firstOf()
        .forEach(
            (path, first) -> {
              if (reasons.containsKey(first)) {
                rejected.add(new Rejection(path, reasons.get(first)));
              }
            });
    rejected.sort(Comparator.comparing(Rejection::path));
    return rejected;
  }
}
