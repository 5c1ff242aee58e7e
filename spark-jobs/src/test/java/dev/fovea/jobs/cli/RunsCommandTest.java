package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.runs.dashboard.TrainingRecord;
import dev.fovea.jobs.runs.mlflow.Tracking;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsCommandTest {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir Path folder;

  @Test
  void runsAreListedBestFirstWithTheSettingsThatDiffer() throws IOException {
    run("narrow", "32", 28.5);
    run("more/wide", "64", 30.25);
    RunEvents old = RunEvents.begin(CONFIGURATION, hadoop("old"));
    old.record(7, 1, "train/loss", 0.5);
    old.flush();

    List<String> lines = runs("--sort", "psnr").out().lines().toList();

    assertThat(lines.get(0)).matches("run +command +state +step .* PSNR .* started +num-channels");
    assertThat(lines.get(1)).matches("more/wide +pretrain +finished +5 +1 +30\\.25 .* 64");
    assertThat(lines.get(2)).matches("narrow +pretrain +finished +5 +1 +28\\.50 .* 32");
    assertThat(lines.get(3)).matches("old +- +unknown +7 +1 +- .* 0\\.5000 .* -");
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).doesNotContain("batch-size");
  }

  @Test
  void jsonHoldsEverything() throws IOException {
    run("narrow", "32", 28.5);

    JsonNode run = new ObjectMapper().readTree(runs("--json").out()).get(0);

    assertThat(run.get("state").asText()).isEqualTo("finished");
    assertThat(run.at("/best/test~1psnr/value").asDouble()).isEqualTo(28.5);
    assertThat(run.at("/best/test~1psnr/step").asInt()).isEqualTo(3);
    assertThat(run.at("/last/test~1psnr/value").asDouble()).isEqualTo(27.5);
    assertThat(run.at("/settings/batch-size").asText()).isEqualTo("16");
  }

  @Test
  void damagedRunIsNamedAndTheOthersAreListed() throws IOException {
    run("whole", "32", 28.5);
    run("damaged", "32", 28.5);
    Files.writeString(folder.resolve("damaged/run.json"), "{");

    CommandRun listed = runs();

    assertThat(listed.code()).isZero();
    assertThat(listed.out()).contains("whole").doesNotContain("damaged");
    assertThat(listed.err()).contains("damaged: left out: ", "is no description of a run");
  }

  @Test
  void folderThatIsMissingIsNamed() {
    CommandRun run = CommandRun.of("runs", "--runs-path", folder.resolve("nowhere").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--runs-path", "nowhere", "there is no such folder");
  }

  private CommandRun runs(String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "runs";
    all[1] = "--runs-path=" + folder;
    System.arraycopy(options, 0, all, 2, options.length);
    return CommandRun.of(all);
  }

  private void run(String name, String channels, double psnr) throws IOException {
    RunDescription description =
        new RunDescription(
            name,
            "pretrain",
            Instant.now(),
            Map.of("num-channels", channels, "batch-size", "16", "seed", name),
            Map.of());
    new TrainingRecord(CONFIGURATION, hadoop(name), Tracking.NONE, note -> {})
        .keep(
            description,
            0,
            events -> {
              events.record(3, 1, "test/psnr", psnr);
              events.record(5, 1, "test/psnr", psnr - 1);
              return "";
            });
  }

  private org.apache.hadoop.fs.Path hadoop(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
