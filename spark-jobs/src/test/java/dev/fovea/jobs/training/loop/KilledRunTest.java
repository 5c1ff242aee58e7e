package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose process is killed and which is resumed ends as if nothing had happened. */
class KilledRunTest {
  private static final int EPOCHS = 12;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Timeout(240)
  void killedRunEndsWithTheSameBits(int workers) throws Exception {
    Path train = Photographs.write(folder.resolve("train"), 13, 40, 40);
    Path test = Photographs.write(folder.resolve("test"), 1, 48, 48);
    List<String> options = options(workers, train, test, 1);

    // The first kill hits while the first checkpoint is written, the second one somewhere after.
    killOnce(with(options, "killed"), folder.resolve("killed/checkpoint/step-00000007"));
    killOnce(with(options, "killed"), folder.resolve("killed/checkpoint/step-00000035"));
    CommandRun resumed = CommandRun.of(with(options, "killed").toArray(String[]::new));
    CommandRun whole = CommandRun.of(with(options, "whole").toArray(String[]::new));

    assertThat(resumed.err()).doesNotContain("fovea pretrain:");
    assertThat(resumed.code()).isZero();
    assertThat(whole.code()).isZero();
    assertSameBits("killed");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Timeout(600)
  void runThatSavesByTheClockAndIsStoppedInAnEpochEndsWithTheSameBits(int workers)
      throws Exception {
    Path train = Photographs.write(folder.resolve("train"), 13, 40, 40);
    Path test = Photographs.write(folder.resolve("test"), 1, 48, 48);
    List<String> byTheClock = with(options(workers, train, test, 1000), "stopped");
    byTheClock.add("--checkpoint-minutes=1e-6");
    List<String> program = new ArrayList<>(List.of("dev.fovea.jobs.cli.Fovea"));
    program.addAll(byTheClock);
    Path log = folder.resolve("log.txt");

    // Seven steps are an epoch. Killed as it begins its second checkpoint; then asked to stop.
    Path checkpoints = folder.resolve("stopped/checkpoint");
    String second = workers == 1 ? "step-00000007" : "step-00000004";
    KilledProcess.run(program, checkpoints.resolve(second), log);
    boolean again = workers == 1 && !Files.exists(checkpoints.resolve(second + "/MANIFEST.json"));
    Path next = checkpoints.resolve(again ? "step-00000004" : "step-00000009");
    int code = KilledProcess.signalled(program, next, log, "TERM", 1);

    assertThat(code).as(Files.readString(log)).isEqualTo(4);
    assertThat(Files.readString(log))
        .contains("SIGTERM: the run saves and ends after this round; a second signal ends it")
        .containsPattern(
            "fovea pretrain: SIGTERM: ended in epoch \\d+ after step \\d+ of the run; the checkpoint"
                + " of step \\d+ is kept in .*checkpoint; the same command with --resume goes on");
    assertThat(Files.readString(folder.resolve("stopped/run/status.json"))).contains("interrupted");
    CommandRun resumed = CommandRun.of(byTheClock.toArray(String[]::new));
    CommandRun whole =
        CommandRun.of(with(options(workers, train, test, 1000), "whole").toArray(String[]::new));
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(whole.code()).as(whole.err()).isZero();
    assertSameBits("stopped");
  }

  @Test
  @Timeout(240)
  void secondSignalEndsTheProcessAtOnce() throws Exception {
    Path train = Photographs.write(folder.resolve("train"), 13, 128, 128);
    Path test = Photographs.write(folder.resolve("test"), 1, 128, 128);
    List<String> slow = with(options(2, train, test, 1), "ended");
    // A round of many seconds.
    slow.addAll(
        List.of(
            "--averaging-frequency=1000",
            "--target-resolution=128",
            "--num-channels=32",
            "--num-layers=8",
            "--engine=nd4j"));
    List<String> program = new ArrayList<>(List.of("dev.fovea.jobs.cli.Fovea"));
    program.addAll(slow);
    Path log = folder.resolve("log.txt");

    int code =
        KilledProcess.signalled(program, folder.resolve("ended/run/status.json"), log, "TERM", 2);

    assertThat(code).as(Files.readString(log)).isEqualTo(128 + 15);
    assertThat(folder.resolve("ended/checkpoint/step-00000007")).doesNotExist();
  }

  private void assertSameBits(String run) {
    String last = "checkpoint/step-%08d/".formatted(7 * EPOCHS);
    for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(folder.resolve(run).resolve(last + file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(last + file));
    }
  }

  private static List<String> options(int workers, Path train, Path test, int interval) {
    return List.of(
        "pretrain",
        "--master=local[2]",
        "--num-workers=" + workers,
        "--averaging-frequency=1",
        "--train-images-path=" + train,
        "--test-images-path=" + test,
        "--upscale-ratio=2",
        "--target-resolution=32",
        "--num-channels=4",
        "--num-layers=1",
        "--batch-size=2",
        "--gradient-accumulation-steps=1",
        "--num-epochs=" + EPOCHS,
        "--checkpoint-interval=" + interval,
        "--eval-interval=100",
        "--seed=0");
  }

  private List<String> with(List<String> options, String run) {
    List<String> all = new ArrayList<>(options);
    all.add("--resume");
    all.add("--checkpoint-path=" + folder.resolve(run).resolve("checkpoint"));
    all.add("--run-dir-path=" + folder.resolve(run).resolve("run"));
    return all;
  }

  private void killOnce(List<String> options, Path sign) throws IOException, InterruptedException {
    List<String> program = new ArrayList<>(List.of("dev.fovea.jobs.cli.Fovea"));
    program.addAll(options);
    KilledProcess.run(program, sign, folder.resolve("log.txt"));
  }
}
