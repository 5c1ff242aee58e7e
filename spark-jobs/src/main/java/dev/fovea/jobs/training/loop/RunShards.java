package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.data.prepare.PrepareJob;
import dev.fovea.jobs.data.prepare.PrepareSettings;
import dev.fovea.jobs.data.prepare.PrepareSettings.ExistingOutput;
import dev.fovea.jobs.data.prepare.PrepareSummary;
import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.pictures.fingerprint.Fingerprints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The shards a run reads: those that were named, by a folder or a glob of folders, or, where
 * pictures were named, shards made of them under the run's folder. Those are made once and found
 * again by the next run.
 */
final class RunShards {
  private static final int MAX_MEGAPIXELS = 100;
  private static final int PICTURE_SECONDS = 120;

  private final Configuration configuration;
  private final Console console;
  private final Setting setting;
  private final Path pictures;
  private final String name;
  private final List<Path> shards;
  private final Optional<PrepareJob> preparation;

  /**
   * Looks at the path and changes nothing.
   *
   * @param setting the option that named the path
   * @param name what the pictures are for, such as {@code train}
   * @throws UsageException naming the option, if there is nothing to read
   */
  RunShards(
      Configuration configuration,
      Console console,
      Setting setting,
      Path pictures,
      Path runDir,
      String name)
      throws IOException {
    this.configuration = configuration;
    this.console = console;
    this.setting = setting;
    this.pictures = pictures;
    this.name = name;
    List<Path> prepared = prepared(configuration, setting, pictures);
    if (!prepared.isEmpty()) {
      shards = prepared;
      preparation = Optional.empty();
      return;
    }
    // Executors have working folders of their own.
    Path made =
        runDir.getFileSystem(configuration).makeQualified(new Path(runDir, "shards/" + name));
    shards = List.of(made);
    PrepareSettings settings =
        new PrepareSettings(
            List.of(pictures.toString()),
            made.toString(),
            OptionalInt.empty(),
            MAX_MEGAPIXELS,
            PICTURE_SECONDS,
            ExistingOutput.OVERWRITE);
    preparation = Optional.of(new PrepareJob(configuration, settings, setting, console));
  }

  /** The terms under which the pictures may be used, where they were recorded. */
  Optional<String> terms() throws IOException {
    NavigableSet<String> terms = new TreeSet<>();
    for (Path folder : shards) {
      new ShardFolder(configuration, folder).terms().ifPresent(terms::add);
    }
    return terms.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", terms));
  }

  /** The folders of shards that a path or glob names, in order; none where it names pictures. */
  private static List<Path> prepared(Configuration configuration, Setting setting, Path named)
      throws IOException {
    List<Path> shards = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    FileStatus[] found = named.getFileSystem(configuration).globStatus(named);
    for (FileStatus each : found == null ? new FileStatus[0] : found) {
      boolean whole =
          each.isDirectory()
              && new ShardFolder(configuration, each.getPath()).manifest().isPresent();
      (whole ? shards : others).add(each.getPath());
    }
    if (!shards.isEmpty() && !others.isEmpty()) {
      throw new UsageException(
          setting,
          named,
          "%s is a folder of prepared shards, %s is not; both kinds together are not read"
              .formatted(shards.get(0), others.get(0)));
    }
    shards.sort(Comparator.naturalOrder());
    return shards;
  }

  /**
   * The index of the shards, which are made first if need be.
   *
   * @param onCorruptShard shards whose footers cannot be read are left out of it, if they may be
   * @throws UsageException if they would have to be made while Spark may run a task twice at once,
   *     since tasks that write files must not
   */
  ShardIndex open(JavaSparkContext spark, OnCorruptShard onCorruptShard) throws IOException {
    if (preparation.isPresent()) {
      if (spark.getConf().getBoolean("spark.speculation", false)) {
        throw new UsageException(
            setting,
            pictures,
            "with spark.speculation a folder of shards, made by prepare, is allowed");
      }
      PrepareSummary summary = preparation.get().run(spark);
      if (summary.duplicates() > 0) {
        console.note(
            "%s: %s left out, whose content is that of another"
                .formatted(name, Figures.count(summary.duplicates(), "picture", "pictures")));
      }
      if (summary.rejected() > 0) {
        console.note(
            "%s: %s rejected, listed in %s"
                .formatted(
                    name,
                    Figures.count(summary.rejected(), "picture", "pictures"),
                    preparation.get().rejectedPath()));
      }
    }
    return onCorruptShard == OnCorruptShard.SKIP
        ? ShardIndex.readWhole(
            configuration,
            shards,
            damaged -> console.note("%s; the shard is left out".formatted(damaged.getMessage())))
        : ShardIndex.read(configuration, shards);
  }

  /** What the pictures are recognised by, once the shards are there; nothing if they do not say. */
  Optional<Fingerprints> fingerprints() throws IOException {
    Optional<Fingerprints> all = Optional.empty();
    for (Path folder : shards) {
      Optional<Fingerprints> own = new ShardFolder(configuration, folder).fingerprints();
      if (own.isEmpty()) {
        return own;
      }
      all = Optional.of(all.map(own.get()::and).orElse(own.get()));
    }
    return all;
  }
}
