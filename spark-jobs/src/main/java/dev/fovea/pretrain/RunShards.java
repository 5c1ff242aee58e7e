package dev.fovea.pretrain;

import dev.fovea.console.Console;
import dev.fovea.console.Figures;
import dev.fovea.console.UsageException;
import dev.fovea.fingerprint.Fingerprints;
import dev.fovea.prepare.PrepareJob;
import dev.fovea.prepare.PrepareSettings;
import dev.fovea.prepare.PrepareSettings.ExistingOutput;
import dev.fovea.prepare.PrepareSummary;
import dev.fovea.shard.ShardFolder;
import dev.fovea.shard.ShardIndex;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The shards a run reads: those that were named or, where a folder of pictures was named, shards
 * made of it under the run's folder. Those are made once and found again by the next run.
 */
final class RunShards {
  private static final int MAX_MEGAPIXELS = 100;

  private final Configuration configuration;
  private final Console console;
  private final String name;
  private final Path shards;
  private final Optional<PrepareJob> preparation;

  /**
   * Looks at the path and changes nothing.
   *
   * @param option the option that named the path
   * @param name what the pictures are for, such as {@code train}
   * @throws UsageException naming the option, if there is nothing to read
   */
  RunShards(
      Configuration configuration,
      Console console,
      String option,
      Path pictures,
      Path runDir,
      String name)
      throws IOException {
    this.configuration = configuration;
    this.console = console;
    this.name = name;
    if (new ShardFolder(configuration, pictures).manifest().isPresent()) {
      shards = pictures;
      preparation = Optional.empty();
      return;
    }
    shards = new Path(runDir, "shards/" + name);
    PrepareSettings settings =
        new PrepareSettings(
            List.of(pictures.toString()),
            shards.toString(),
            OptionalInt.empty(),
            MAX_MEGAPIXELS,
            ExistingOutput.OVERWRITE);
    preparation = Optional.of(new PrepareJob(configuration, settings, option, console));
  }

  /** The index of the shards, which are made first if need be. */
  ShardIndex open(JavaSparkContext spark) throws IOException {
    if (preparation.isPresent()) {
      PrepareSummary summary = preparation.get().run(spark);
      if (summary.rejected() > 0) {
        console.note(
            "%s: %s rejected, listed in %s"
                .formatted(
                    name,
                    Figures.count(summary.rejected(), "picture", "pictures"),
                    preparation.get().rejectedPath()));
      }
    }
    return ShardIndex.read(configuration, shards);
  }

  /** What the pictures are recognised by, once the shards are there; nothing if they do not say. */
  Optional<Fingerprints> fingerprints() throws IOException {
    return new ShardFolder(configuration, shards).fingerprints();
  }
}
