package dev.fovea.jobs.cli;

import dev.fovea.jobs.benchmark.scaling.ScalingSettings;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import java.util.List;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** The options of {@code benchmark --what scaling}. */
final class ScalingOptions {
  private static final int RATIO = 4;
  private static final int HIDDEN_RATIO = 2;

  @Option(
      names = "--executors",
      arity = "1..*",
      paramLabel = "N",
      order = 20,
      description =
          "scaling: how many executors, one measurement each; powers of two up to those of"
              + " local-cluster, or up to 8, if not given.")
  private List<Integer> executors = List.of();

  @Option(
      names = "--averaging-frequency",
      defaultValue = "16",
      paramLabel = "STEPS",
      order = 21,
      description = "scaling: optimiser steps of each worker between two averagings.")
  private int averagingFrequency;

  @Option(
      names = "--rounds",
      defaultValue = "10",
      paramLabel = "N",
      order = 22,
      description = "scaling: rounds that are measured, whose median counts.")
  private int rounds;

  @Option(
      names = "--num-channels",
      defaultValue = "32",
      paramLabel = "C",
      order = 23,
      description = "scaling: channels of the network that is trained, 4x.")
  private int numChannels;

  @Option(
      names = "--num-layers",
      defaultValue = "8",
      paramLabel = "N",
      order = 24,
      description = "scaling: its residual blocks.")
  private int numLayers;

  @Option(
      names = "--wide-channels",
      defaultValue = "128",
      paramLabel = "C",
      order = 25,
      description =
          "scaling: channels of a network of 16 blocks, of which single steps on tiny crops are"
              + " averaged to learn what bytes cost.")
  private int wideChannels;

  @Option(
      names = "--batch-size",
      defaultValue = "8",
      paramLabel = "N",
      order = 26,
      description = "scaling: samples of a mini-batch.")
  private int batchSize;

  @Option(
      names = "--target-resolution",
      defaultValue = "192",
      paramLabel = "PIXELS",
      order = 27,
      description = "scaling: side of the high-resolution crops.")
  private int targetResolution;

  /**
   * @param shards folders that were named, one at most
   * @throws UsageException naming the option, the value and what is allowed
   */
  ScalingSettings settings(SparkSetup spark, String device, List<String> shards) {
    for (int each : executors) {
      Require.atLeast("--executors", each, 1);
    }
    Require.atLeast("--averaging-frequency", averagingFrequency, 1);
    Require.atLeast("--rounds", rounds, 1);
    Require.atLeast("--num-channels", numChannels, 1);
    Require.atLeast("--num-layers", numLayers, 1);
    Require.atLeast("--wide-channels", wideChannels, 1);
    Require.atLeast("--batch-size", batchSize, 1);
    Require.atLeast("--target-resolution", targetResolution, RATIO);
    if (targetResolution % RATIO != 0) {
      throw new UsageException(
          "--target-resolution", targetResolution, "a multiple of %d is allowed".formatted(RATIO));
    }
    if (shards.size() > 1) {
      throw new UsageException("--images-path: one folder of shards is allowed for scaling");
    }
    EngineChoice choice;
    try {
      choice = new EngineChoice("auto", device, "auto");
    } catch (IllegalArgumentException e) {
      throw new UsageException("--device", device, e.getMessage());
    }
    return new ScalingSettings(
        spark,
        executors.isEmpty() ? ScalingSettings.powersOfTwo(spark) : executors,
        averagingFrequency,
        rounds,
        upscaler(numChannels, numLayers),
        upscaler(wideChannels, 16),
        batchSize,
        targetResolution,
        choice,
        shards.stream().findFirst().map(Path::new));
  }

  private static UpscalerConfig upscaler(int channels, int layers) {
    return new UpscalerConfig(BaseUpscaler.BICUBIC, RATIO, channels, HIDDEN_RATIO, layers);
  }
}
