package dev.fovea.jobs.cli;

import dev.fovea.jobs.spark.session.SparkSetup;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that runs on Spark. */
final class SparkOptions {
  @Option(
      names = "--master",
      paramLabel = "URL",
      order = 900,
      description =
          "Spark's master: local[N], spark://host:port, yarn, k8s://...; without it the one of"
              + " spark-submit, else all cores of this machine.")
  private String master;

  @Option(
      names = "--spark-conf",
      paramLabel = "NAME=VALUE",
      order = 901,
      description = "A setting of Spark, such as spark.executor.memory=8g; may be repeated.")
  private Map<String, String> settings;

  /** The first of these options that was given. */
  Optional<String> firstGiven() {
    return master != null
        ? Optional.of("--master")
        : settings != null ? Optional.of("--spark-conf") : Optional.empty();
  }

  SparkSetup setup() {
    return new SparkSetup(Optional.ofNullable(master), settings == null ? Map.of() : settings);
  }
}
