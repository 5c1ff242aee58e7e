package dev.fovea.jobs.training.epoch;

import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.data.shard.ShardReader;
import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.BatchStream;
import dev.fovea.pictures.pairs.PairSettings;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Mini-batches of training pairs from shards. A sample depends on the seed, the epoch, the picture
 * and the number of its draw, and on nothing else.
 */
public final class PicturePairs implements BatchSource {
  private static final long serialVersionUID = 1;

  private final String id = UUID.randomUUID().toString();
  private final Broadcast<ShardIndex> index;
  private final Broadcast<ShippedConfiguration> configuration;
  private final PairSettings pairs;
  private final LoaderSettings loader;
  private final long seed;

  private PicturePairs(
      Broadcast<ShardIndex> index,
      Broadcast<ShippedConfiguration> configuration,
      PairSettings pairs,
      LoaderSettings loader,
      long seed) {
    this.index = index;
    this.configuration = configuration;
    this.pairs = pairs;
    this.loader = loader;
    this.seed = seed;
  }

  /**
   * Pairs from the shards of an index, which is broadcast.
   *
   * @param seed the same as in {@link EpochSettings}
   */
  public static PicturePairs of(
      JavaSparkContext spark,
      ShardIndex index,
      PairSettings pairs,
      LoaderSettings loader,
      long seed) {
    return new PicturePairs(
        spark.broadcast(index),
        spark.broadcast(new ShippedConfiguration(spark.hadoopConfiguration())),
        pairs,
        loader,
        seed);
  }

  @Override
  public BatchStream open(List<String> contents) {
    ShardReader idle = IdleReaders.poll(id);
    ShardReader reader =
        idle != null
            ? idle
            : new ShardReader(configuration.value().value(), index.value(), loader.cachedGroups());
    return new PairStream(
        reader,
        unused -> IdleReaders.push(id, unused),
        index.value(),
        pairs,
        loader,
        seed,
        contents.stream().map(BatchContent::parse).toList());
  }
}
