package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.servers.SparkDistribution;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/cluster.md on {@code submit/cluster start 2}, as processes. */
@Tag("long")
class ClusterChainTest {
  private static final List<String> SMALL =
      List.of(
          "--target-resolution", "48",
          "--batch-size", "2",
          "--gradient-accumulation-steps", "1",
          "--averaging-frequency", "1",
          "--num-epochs", "1",
          "--seed", "1");

  @TempDir private Path folder;

  @Test
  void fromPhotographsToAReportOnAMasterAndTwoWorkers() throws Exception {
    try (BuiltCheckout checkout = BuiltCheckout.at(folder.resolve("a clone"))) {
      allCommandsRun(checkout);
      assertThat(leftOf(checkout.root())).isEmpty();
    }
  }

  @Test
  @Tag("external")
  void theSameThroughTheSparkSubmitOfARealDistribution() throws Exception {
    Optional<Path> spark = SparkDistribution.home();
    assumeTrue(spark.isPresent(), "skipped: PyPI does not give out PySpark here");
    try (BuiltCheckout checkout = BuiltCheckout.at(folder.resolve("a clone"))) {
      checkout.environment().put("SPARK_HOME", spark.get().toString());
      allCommandsRun(checkout);
      succeeds(
          fovea(
              checkout,
              "local[2]",
              "upscale",
              List.of("--images-path", "testset", "--output-path", "upscaled-here")));
      assertThat(leftOf(checkout.root())).isEmpty();
    }
  }

  private static void allCommandsRun(BuiltCheckout checkout) throws Exception {
    String port = Integer.toString(freePort());
    checkout.environment().put("FOVEA_CLUSTER_PORT", port);
    checkout.environment().put("FOVEA_CLUSTER_CORES", "1");
    checkout.photographs("photographs", 4, 64);
    checkout.photographs("testset", 2, 64);
    String master = "spark://127.0.0.1:" + port;
    try {
      succeeds(checkout.run("submit/cluster", "start", "2"));
      CommandRun doctor = fovea(checkout, master, "doctor", List.of("--json", "--path", "shards"));
      everyExecutorWasExamined(doctor);
      succeeds(
          fovea(
              checkout,
              master,
              "prepare",
              List.of("--images-path", "photographs", "--output-path", "shards")));
      List<String> pretrain =
          with(
              SMALL,
              List.of("--train-images-path", "shards", "--test-images-path", "testset"),
              List.of("--num-channels", "4", "--hidden-ratio", "1", "--num-layers", "1"));
      assertThat(succeeds(fovea(checkout, master, "pretrain", pretrain)).out())
          .contains("2 workers with the engine")
          .contains("evaluation  step 2");
      assertThat(
              succeeds(
                      fovea(
                          checkout,
                          master,
                          "fine-tune",
                          with(
                              SMALL,
                              List.of("--train-images-path", "shards"),
                              List.of("--test-images-path", "testset"))))
                  .out())
          .contains("checkpoints/fine-tuned at step 2");
      succeeds(
          fovea(
              checkout,
              master,
              "upscale",
              List.of("--images-path", "testset", "--output-path", "upscaled")));
      assertThat(checkout.root().resolve("upscaled/photograph 00.png.png")).exists();
      succeeds(
          fovea(
              checkout,
              master,
              "evaluate",
              List.of(
                  "--images-path",
                  "testset",
                  "--checkpoint-path",
                  "checkpoints/checkpoint",
                  "checkpoints/fine-tuned",
                  "--report-path",
                  "report")));
      assertThat(checkout.root().resolve("report/index.html")).exists();

      killTheMaster(checkout);
      assertThat(checkout.run("submit/cluster", "status"))
          .isEqualTo(
              new CommandRun(
                  3,
                  "the master is gone, 2 workers are left; submit/cluster stop ends them\n",
                  ""));
      assertThat(checkout.run("submit/cluster", "stop").out()).isEqualTo("stopped 2 processes\n");
    } finally {
      checkout.run("submit/cluster", "stop");
    }
  }

  private static void everyExecutorWasExamined(CommandRun doctor) throws IOException {
    JsonNode findings = new ObjectMapper().readTree(doctor.out()).at("/findings");
    assertThat(findings.findValuesAsText("subject"))
        .as(doctor.out())
        .contains("executors", "executor 0 on 127.0.0.1", "executor 1 on 127.0.0.1");
    assertThat(findings)
        .filteredOn(finding -> finding.get("subject").asText().startsWith("executor "))
        .as(doctor.out())
        .noneMatch(finding -> finding.get("state").asText().equals("failed"));
  }

  private static CommandRun fovea(
      BuiltCheckout checkout, String master, String command, List<String> options)
      throws Exception {
    return checkout.run(
        "submit/fovea", with(List.of(command, "--master", master), options).toArray(String[]::new));
  }

  @SafeVarargs
  private static List<String> with(List<String>... parts) {
    List<String> all = new ArrayList<>();
    for (List<String> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  private static CommandRun succeeds(CommandRun run) {
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    return run;
  }

  private static void killTheMaster(BuiltCheckout checkout) throws Exception {
    Path id = checkout.root().resolve("spark-jobs/target/fovea/cluster/master.pid");
    ProcessHandle master =
        ProcessHandle.of(Long.parseLong(Files.readString(id).strip())).orElseThrow();
    assertThat(master.destroyForcibly()).isTrue();
    master.onExit().get();
  }

  /** Processes whose command names the folder. */
  private static List<String> leftOf(Path root) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.flatMap(process -> process.info().commandLine().stream())
          .filter(line -> line.contains(root.toString()))
          .toList();
    }
  }

  /** The port after the next has to be free as well. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Math.min(socket.getLocalPort(), 65_000);
    }
  }
}
