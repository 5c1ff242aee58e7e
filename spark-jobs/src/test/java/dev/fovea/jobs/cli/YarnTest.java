package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.servers.Yarn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit/fovea --master yarn} without a distribution of Spark, on a real YARN. */
class YarnTest {
  @TempDir private Path folder;

  @Test
  void jobsRunInClientAndInClusterModeFromTheBuildsOwnSpark() throws Exception {
    try (BuiltCheckout checkout = BuiltCheckout.at(folder.resolve("checkout"));
        Yarn yarn = Yarn.start(folder)) {
      checkout.photographs("photographs", 3, 64);
      checkout.environment().put("HADOOP_CONF_DIR", yarn.settings().toString());
      checkout
          .environment()
          .put(
              "FOVEA_SPARK_DEFAULTS",
              Files.writeString(
                      folder.resolve("small.conf"),
                      String.join(
                          "\n",
                          Files.readString(
                              checkout.root().resolve("conf/spark-defaults-yarn.conf")),
                          "spark.executor.cores 1",
                          "spark.executor.memory 512m",
                          "spark.executor.memoryOverhead 1g",
                          "spark.executor.instances 1",
                          "spark.driver.memory 512m",
                          "spark.driver.memoryOverhead 2g",
                          "spark.yarn.jars local:%s/*".formatted(checkout.lib()),
                          ""))
                  .toString());
      checkout.environment().put("FOVEA_HEAP", "512m");
      for (String mode : List.of("cluster", "client")) {
        checkout.environment().put("FOVEA_SUBMIT_OPTIONS", "--deploy-mode " + mode);
        Path shards = folder.resolve("shards-" + mode);
        CommandRun run =
            checkout.run(
                "submit/fovea",
                "prepare",
                "--master",
                "yarn",
                "--images-path",
                checkout.root().resolve("photographs").toString(),
                "--output-path",
                shards.toString());
        assertThat(run.code()).as(mode + run.out() + run.err() + logs(yarn)).isZero();
        assertThat(shards.resolve("shard-000000.parquet")).exists();
        if (mode.equals("client")) {
          assertThat(run.out()).contains("kept        3");
        }
      }
    }
  }

  private static String logs(Yarn yarn) throws IOException {
    try (Stream<Path> files = Files.walk(yarn.work())) {
      return files
          .filter(file -> file.endsWith("stderr") || file.endsWith("stdout"))
          .map(
              file -> {
                try {
                  return "\n" + file + "\n" + Files.readString(file);
                } catch (IOException e) {
                  return file + ": " + e;
                }
              })
          .collect(Collectors.joining());
    }
  }
}
