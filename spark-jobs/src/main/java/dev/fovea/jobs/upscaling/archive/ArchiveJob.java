package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.counters.JobDescription;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Progress;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.jobs.upscaling.archive.ArchiveNotes.Owner;
import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.archive.ArchiveSummary.Outlier;
import dev.fovea.jobs.upscaling.audit.OutlierRule;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Upscales an archive and accounts for every picture: upscaled, skipped because its output is
 * there, or rejected for a reason.
 *
 * <p>Outputs depend on the pictures, the settings and the kind of processor, and on nothing else:
 * not on which executors there are, whether one died, or how often the job was interrupted.
 */
public final class ArchiveJob {
  private static final int SIGNS_OF_LIFE_SECONDS = 60;
  private static final int PARTITIONS_PER_SLOT = 8;

  /** At most; 8,192 pictures, a few megabytes to be told. */
  private static final int CHUNKS_OF_TASK = 256;

  private final Configuration configuration;
  private final ArchiveSettings settings;
  private final ModelWeights model;
  private final Console console;
  private final Path output;
  private final ArchiveNotes notes;
  private final Owner owner;
  private final ArchiveInputs inputs;
  private final String run;
  private final boolean fresh;
  private final long started = System.nanoTime();

  /**
   * Looks at inputs and output, and changes nothing.
   *
   * @throws UsageException if there is nothing to upscale, or the output path is unusable
   */
  public ArchiveJob(
      Configuration configuration, ArchiveSettings settings, ModelWeights model, Console console)
      throws IOException {
    this.configuration = configuration;
    this.settings = settings;
    this.model = model;
    this.console = console;
    output = output(configuration, settings.outputPath());
    notes = new ArchiveNotes(configuration, output);
    owner = Owner.of(settings.recorded(model.sha256()));
    OutputNames names =
        new OutputNames(
            settings.outputName(),
            settings.style().format().extension(),
            model.config().upscaleRatio(),
            InputStreams.isLocal(output)
                ? OutputNames.Characters.LOCAL
                : OutputNames.Characters.REMOTE);
    inputs = ArchiveInputs.of(configuration, settings, output, names);
    run = ArchiveNotes.newRun(Instant.now());
    fresh = isEmpty(configuration, output);
  }

  private static boolean isEmpty(Configuration configuration, Path folder) throws IOException {
    try {
      return !folder.getFileSystem(configuration).listStatusIterator(folder).hasNext();
    } catch (FileNotFoundException e) {
      return true;
    }
  }

  private static Path output(Configuration configuration, String text) throws IOException {
    try {
      Path given = new Path(text);
      FileSystem files = given.getFileSystem(configuration);
      Path path = files.makeQualified(given);
      if (files.getFileStatus(path).isFile()) {
        throw new UsageException(Setting.OUTPUT_PATH, text, "it is a file; a folder is needed");
      }
      return path;
    } catch (FileNotFoundException e) {
      Path given = new Path(text);
      return given.getFileSystem(configuration).makeQualified(given);
    } catch (IllegalArgumentException e) {
      throw new UsageException(Setting.OUTPUT_PATH, text, "it is no path: " + e.getMessage());
    } catch (UnsupportedFileSystemException e) {
      throw new UsageException(
          Setting.OUTPUT_PATH, text, "there is no such file system: " + e.getMessage());
    }
  }

  /**
   * Does the work. Pictures fail one by one; the job itself only where its manifest cannot be
   * written or Spark gives up.
   *
   * @throws UsageException if the output root belongs to other settings or cannot be written
   */
  public ArchiveSummary run(JavaSparkContext spark) throws IOException {
    inputs.leftOut().forEach(console::note);
    if (settings.mode() == Mode.UPSCALE) {
      notes.claim(owner, settings.existing());
    } else if (!notes
        .owner()
        .map(Owner::fingerprint)
        .equals(java.util.Optional.of(owner.fingerprint()))) {
      throw new UsageException(
          Setting.OUTPUT_PATH,
          output,
          "no run with this model and these settings has written there, so there is nothing to"
              + " audit");
    }
    Map<String, String> made = notes.made();
    notes.begin(run, owner);
    notes.sweep(run);
    ScheduledExecutorService alive = Executors.newSingleThreadScheduledExecutor(ArchiveJob::daemon);
    ScheduledFuture<?> unused =
        alive.scheduleAtFixedRate(
            this::showAlive, SIGNS_OF_LIFE_SECONDS, SIGNS_OF_LIFE_SECONDS, TimeUnit.SECONDS);
    try {
      List<ArchiveItem> items =
          inputs.items().stream()
              .map(item -> item.withEarlier(made.getOrDefault(item.output(), "")))
              .toList();
      if (!inputs.rejected().isEmpty()) {
        notes.writePart(
            run, "plan", inputs.rejected().stream().map(each -> ArchiveJson.line(each)).toList());
      }
      List<ArchiveChunk> chunks = ArchiveChunk.cut(items);
      ArchiveSummary summary = summary(chunks, work(spark, chunks));
      notes.write(
          new Path(notes.runFolder(run), "summary.json"), List.of(ArchiveJson.line(summary)));
      notes.end(run);
      return summary;
    } finally {
      alive.shutdownNow();
      DeviceNetworks.close(spark, run);
    }
  }

  private List<ChunkSummary> work(JavaSparkContext spark, List<ArchiveChunk> chunks) {
    ArchiveCounters counters = new ArchiveCounters(spark, inputs.rejected().size());
    if (chunks.isEmpty()) {
      return List.of();
    }
    Broadcast<ModelWeights> weights = spark.broadcast(model);
    TaskSetup setup =
        TaskSetup.of(run, output.toString(), owner.fingerprint(), settings, model.config(), fresh);
    ArchiveTask task = new ArchiveTask(configuration, setup, weights, counters);
    int cpus = spark.getConf().getInt("spark.task.cpus", 1);
    int slots = Math.max(1, spark.defaultParallelism() / cpus);
    int partitions = partitions(chunks.size(), slots, spark.isLocal());
    String title = settings.mode() == Mode.AUDIT ? "audit" : "upscale";
    try (Progress progress = console.progress(title, inputs.items().size(), "pictures")) {
      progress.watch(() -> observed(counters, progress));
      return JobDescription.during(
          spark,
          "%s %s".formatted(title, Figures.count(inputs.items().size(), "picture", "pictures")),
          () -> spark.parallelize(chunks, partitions).mapPartitions(task).collect());
    } finally {
      counters.forget();
      weights.destroy();
    }
  }

  /**
   * Several tasks for each slot even out what takes longer; where there is one slot for all of the
   * job, they would only wait for each other's last pictures. A task is told its pictures in one
   * message, whose length Spark limits.
   */
  static int partitions(int chunks, int slots, boolean local) {
    int even = local && slots == 1 ? 1 : Math.min(chunks, slots * PARTITIONS_PER_SLOT);
    return Math.max(even, (chunks + CHUNKS_OF_TASK - 1) / CHUNKS_OF_TASK);
  }

  private static long observed(ArchiveCounters counters, Progress progress) {
    double megapixels = counters.pixels() / 1e6;
    double seconds = Math.max(1e-3, progress.elapsed().toMillis() / 1e3);
    progress.remark(
        "%s megapixels, %s/s"
            .formatted(Figures.decimal(megapixels), Figures.decimal(megapixels / seconds)));
    return counters.pictures();
  }

  private ArchiveSummary summary(List<ArchiveChunk> chunks, List<ChunkSummary> done)
      throws IOException {
    OutlierRule rule = Outliers.rule(done);
    List<Outlier> outliers = new ArrayList<>(Outliers.find(rule, done, chunks, notes, run));
    long upscaled = done.stream().mapToLong(ChunkSummary::upscaled).sum();
    double seconds = (System.nanoTime() - started) / 1e9;
    return new ArchiveSummary(
        run,
        notes.runFolder(run).toString(),
        upscaled,
        done.stream().mapToLong(ChunkSummary::skipped).sum(),
        inputs.rejected().size() + done.stream().mapToLong(ChunkSummary::rejected).sum(),
        done.stream().mapToLong(ChunkSummary::inputPixels).sum() / 1e6,
        done.stream().mapToLong(ChunkSummary::outputPixels).sum() / 1e6,
        done.stream().mapToLong(ChunkSummary::halvings).sum(),
        Math.rint(seconds * 1000) / 1000,
        Math.rint(upscaled / seconds * 1000) / 1000,
        Math.rint(rule.threshold() * 1000) / 1000,
        outliers,
        Stream.concat(
                inputs.rejected().stream(), done.stream().flatMap(one -> one.rejections().stream()))
            .limit(ChunkSummary.REJECTIONS)
            .toList());
  }

  private void showAlive() {
    try {
      notes.showAlive(run);
    } catch (IOException e) {
      // Others may take this run for dead and delete what it has not finished; it says so then.
      console.note("%s: %s".formatted(output, e.getMessage()));
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "fovea-alive");
    thread.setDaemon(true);
    return thread;
  }
}
