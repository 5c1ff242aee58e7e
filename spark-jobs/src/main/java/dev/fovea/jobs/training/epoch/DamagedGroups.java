package dev.fovea.jobs.training.epoch;

import dev.fovea.jobs.data.shard.ShardException;
import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.data.shard.ShardReader;
import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.support.digest.Sha256;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * The row groups of an index that cannot be read whole, found by reading all of them before a run
 * begins: so that what a run leaves out does not depend on when it comes across it.
 *
 * @param reasons by row group, counted over all shards; one line each, naming the shard
 */
public record DamagedGroups(SortedMap<Integer, String> reasons) {
  /** A store that does not answer for a moment has not lost anything. */
  private static final int ATTEMPTS = 3;

  public static final DamagedGroups NONE = new DamagedGroups(new TreeMap<>());

  /** Reads every row group once, as a Spark job. Pages have checksums, which are looked at. */
  public static DamagedGroups find(JavaSparkContext spark, ShardIndex index) {
    List<Integer> groups = IntStream.range(0, index.groupCount()).boxed().toList();
    Broadcast<ShardIndex> indexes = spark.broadcast(index);
    Broadcast<ShippedConfiguration> configuration =
        spark.broadcast(new ShippedConfiguration(spark.hadoopConfiguration()));
    SortedMap<Integer, String> reasons = new TreeMap<>();
    try {
      int slices = Math.max(1, Math.min(groups.size(), 4 * spark.defaultParallelism()));
      List<String> found =
          spark.parallelize(groups, slices).map(new Look(indexes, configuration)).collect();
      for (int group = 0; group < found.size(); group++) {
        if (!found.get(group).isEmpty()) {
          reasons.put(group, found.get(group));
        }
      }
    } finally {
      indexes.destroy();
      configuration.destroy();
    }
    return new DamagedGroups(reasons);
  }

  /** Their numbers, counted over all shards. */
  Set<Integer> groups() {
    return reasons.keySet();
  }

  /** How many pictures lie in them. */
  public int pictures(ShardIndex index) {
    return groups().stream()
        .mapToInt(group -> index.groupEnd(group) - index.groupStart(group))
        .sum();
  }

  /** What is left of an index: its fingerprint where nothing is left out. */
  public String fingerprint(ShardIndex index) {
    if (reasons.isEmpty()) {
      return index.fingerprint();
    }
    String rest = index.fingerprint() + " without " + groups();
    return Sha256.hex(rest.getBytes(StandardCharsets.UTF_8));
  }

  private static final class Look implements Function<Integer, String>, Serializable {
    private static final long serialVersionUID = 1;

    private final Broadcast<ShardIndex> index;
    private final Broadcast<ShippedConfiguration> configuration;

    Look(Broadcast<ShardIndex> index, Broadcast<ShippedConfiguration> configuration) {
      this.index = index;
      this.configuration = configuration;
    }

    @Override
    public String call(Integer group) throws IOException {
      Configuration hadoop = configuration.value().value();
      ShardIndex all = index.value();
      String reason = "";
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        try {
          new ShardReader(hadoop, all, 1).read(all.groupStart(group));
          return "";
        } catch (ShardException e) {
          reason = e.getMessage();
        }
      }
      return reason;
    }
  }
}
