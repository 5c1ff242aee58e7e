package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.models.store.PinnedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver that is frozen, taken for dead and replaced, and then goes on. */
class StoppedDriverTest {
  private static final int STEPS = 70;

  @TempDir Path folder;

  /** Also a driver that has no checkpoint to save for a long time finds out at its next round. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100_000})
  @Timeout(400)
  void theDriverThatComesBackStopsAndTheOneInItsPlaceEndsWithTheSameBits(int interval)
      throws Exception {
    Path train = Photographs.write(folder.resolve("train"), 13, 40, 40);
    Path test = Photographs.write(folder.resolve("test"), 1, 48, 48);
    Path log = folder.resolve("log.txt");
    CommandRun before = CommandRun.of(pretrain(train, test, "frozen", 21, 1));
    assertThat(before.code()).as(before.err()).isZero();
    Process frozen = KilledProcess.start(pretrain(train, test, "frozen", 1_000_000, interval), log);
    try {
      Path lease = folder.resolve("frozen/checkpoint/_writer.json");
      KilledProcess.await(frozen, interval == 1 ? step("frozen", 28) : lease, log);
      signal(frozen, "-STOP");
      CommandRun inItsPlace = CommandRun.of(pretrain(train, test, "frozen", STEPS, 1));
      assertThat(inItsPlace.code()).as(inItsPlace.err()).isZero();
      assertThat(inItsPlace.err()).contains("was being written by run ", "it will stop");

      signal(frozen, "-CONT");
      assertThat(frozen.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      frozen.destroyForcibly();
    }

    assertThat(frozen.exitValue()).isEqualTo(1);
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.startsWith("fovea pretrain:"))
        .singleElement()
        .asString()
        .contains("checkpoint path", "uses it, which stops and writes nothing more");
    CommandRun whole = CommandRun.of(pretrain(train, test, "whole", STEPS, 1));
    assertThat(whole.code()).as(whole.err()).isZero();
    for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(step("frozen", STEPS).resolve(file))
          .hasSameBinaryContentAs(step("whole", STEPS).resolve(file));
    }
    assertThat(newest("frozen")).isEqualTo(step("frozen", STEPS));
  }

  private Path newest(String run) throws IOException {
    org.apache.hadoop.fs.Path checkpoints =
        new org.apache.hadoop.fs.Path(folder.resolve(run).resolve("checkpoint").toUri());
    return Path.of(PinnedCheckpoint.of(new Configuration(), checkpoints).path().toUri());
  }

  private Path step(String run, int step) {
    return folder.resolve(run).resolve("checkpoint/step-%08d".formatted(step));
  }

  private static void signal(Process process, String name)
      throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", name, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  private String[] pretrain(Path train, Path test, String run, int steps, int interval) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "pretrain",
                "--master=local[2]",
                "--num-workers=1",
                "--averaging-frequency=1",
                "--train-images-path=" + train,
                "--test-images-path=" + test,
                "--upscale-ratio=2",
                "--target-resolution=32",
                "--num-channels=4",
                "--num-layers=1",
                "--batch-size=2",
                "--gradient-accumulation-steps=1",
                "--num-epochs=1000000",
                "--learning-rate-schedule=constant",
                "--checkpoint-interval=" + interval,
                "--eval-interval=100000",
                "--seed=0",
                "--resume"));
    all.add("--max-steps=" + steps);
    all.add("--checkpoint-path=" + folder.resolve(run).resolve("checkpoint"));
    all.add("--run-dir-path=" + folder.resolve(run).resolve("run"));
    return all.toArray(String[]::new);
  }
}
