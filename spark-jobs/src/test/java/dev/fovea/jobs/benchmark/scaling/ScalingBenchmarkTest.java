package dev.fovea.jobs.benchmark.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import dev.fovea.jobs.training.epoch.NoiseShards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingBenchmarkTest {
  @TempDir Path folder;

  @Test
  void roundsOfOneAndTwoExecutorsAreSplitAndMoreArePredicted() throws IOException {
    Path shards = folder.resolve("shards");
    NoiseShards.writeWhole(shards, 30, 40, 40);
    Path json = folder.resolve("scaling.json");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "benchmark",
            "--what=scaling",
            "--master=local-cluster[2,1,768]",
            "--averaging-frequency=2",
            "--rounds=3",
            "--num-channels=4",
            "--num-layers=1",
            "--wide-channels=32",
            "--batch-size=2",
            "--target-resolution=32",
            "--images-path=" + shards,
            "--json=" + json));
    LocalCluster.settingsOfExecutors()
        .forEach((name, value) -> arguments.add("--spark-conf=%s=%s".formatted(name, value)));

    CommandRun run = LocalCluster.withHome(() -> CommandRun.of(arguments.toArray(String[]::new)));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("predicted over 25 Gb/s", "efficiency", "residual");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("rows"))
        .extracting(row -> row.get("executors").asInt() + " " + row.get("use").asText())
        .containsExactly("1 TRAINING", "1 BYTES", "2 TRAINING", "2 BYTES");
    assertThat(report.get("rows"))
        .allSatisfy(
            row -> {
              assertThat(row.get("parts"))
                  .allSatisfy(part -> assertThat(part.asDouble()).isNotNegative());
              assertThat(row.get("parts").get("computing").asDouble()).isPositive();
              assertThat(row.get("parts").get("broadcasting").asDouble()).isPositive();
              assertThat(row.get("parts").get("aggregating").asDouble()).isPositive();
              assertThat(row.get("pictures_per_second").asDouble()).isPositive();
            });
    JsonNode rows = report.get("rows");
    assertThat(rows.get(0).get("efficiency").asDouble()).isEqualTo(1);
    assertThat(rows.get(2).get("efficiency").asDouble()).isBetween(0.01, 2.0);
    long bytes = rows.get(1).get("bytes").asLong();
    assertThat(bytes).isGreaterThan(3_000_000);
    assertThat(rows.get(3).get("driver_received_bytes").asLong())
        .as("one mean reaches the driver, and not one from each executor")
        .isLessThan(bytes * 3 / 2);
    assertThat(report.get("forecasts"))
        .allSatisfy(
            forecast ->
                assertThat(forecast.get("rounds"))
                    .extracting(round -> round.get("executors").asInt())
                    .contains(64, 512));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--master local[2]     | --master 'local[2]': executors in processes of their own",
        "--executors 0         | --executors '0': 1 or more is allowed",
        "--averaging-frequency 0 | --averaging-frequency '0': 1 or more is allowed",
        "--target-resolution 30  | --target-resolution '30': a multiple of 4 is allowed",
        "--images-path a b       | one folder of shards is allowed",
      })
  void wrongInputIsOneLineAndExitCodeTwo(String options, String message) {
    CommandRun run = CommandRun.of(("benchmark --what scaling " + options).split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).singleElement().asString().contains(message);
  }
}
