package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    List<String> options =
        List.of(
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
            "--checkpoint-interval=1",
            "--eval-interval=100",
            "--seed=0");

    // The first kill hits while the first checkpoint is written, the second one somewhere after.
    killOnce(with(options, "killed"), folder.resolve("killed/checkpoint/step-00000007"));
    killOnce(with(options, "killed"), folder.resolve("killed/checkpoint/step-00000035"));
    CommandRun resumed = CommandRun.of(with(options, "killed").toArray(String[]::new));
    CommandRun whole = CommandRun.of(with(options, "whole").toArray(String[]::new));

    assertThat(resumed.err()).doesNotContain("fovea pretrain:");
    assertThat(resumed.code()).isZero();
    assertThat(whole.code()).isZero();
    String last = "checkpoint/step-%08d/".formatted(7 * EPOCHS);
    for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(folder.resolve("killed").resolve(last + file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(last + file));
    }
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
