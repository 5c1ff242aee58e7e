package dev.fovea.jobs.benchmark.scaling;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.model.config.UpscalerConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/**
 * What is run on how many executors.
 *
 * @param spark the cluster; executors need processes of their own
 * @param executors how many, one measurement each, in this order
 * @param averagingFrequency optimiser steps of each worker in a round, 1 or more
 * @param rounds that are measured, after two that are not, 1 or more
 * @param network that is trained
 * @param wide a larger network, of which single steps on tiny crops are averaged to learn what
 *     bytes cost
 * @param batchSize samples of a mini-batch, 1 or more
 * @param targetResolution side of the high-resolution crops
 * @param choice what runs the networks
 * @param shards what is trained on; noise in memory if empty
 */
public record ScalingSettings(
    SparkSetup spark,
    List<Integer> executors,
    int averagingFrequency,
    int rounds,
    UpscalerConfig network,
    UpscalerConfig wide,
    int batchSize,
    int targetResolution,
    EngineChoice choice,
    Optional<Path> shards) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public ScalingSettings {
    executors = List.copyOf(executors);
    if (executors.isEmpty() || executors.stream().anyMatch(each -> each < 1)) {
      throw new IllegalArgumentException("executors %s are not 1 or more".formatted(executors));
    }
  }

  /** 1, 2, 4, up to the executors of a local cluster; up to 8 for others. */
  public static List<Integer> powersOfTwo(SparkSetup spark) {
    int most = ScalingCluster.size(spark).orElse(8);
    return IntStream.iterate(1, each -> each <= most, each -> 2 * each).boxed().toList();
  }
}
