package dev.fovea.jobs.training.stage2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.loop.KilledProcess;
import dev.fovea.jobs.training.loop.Photographs;
import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fine-tuning whose process is killed and which is resumed ends as if nothing had happened. */
class KilledFineTuneTest {
  private static final int EPOCHS = 6;
  private static final int STEPS_PER_EPOCH = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 4"}) // As the second checkpoint of the warm-up is written, and later.
  @Timeout(400)
  void killedRunEndsWithTheSameBitsInBothNetworks(int workers, int epoch) throws Exception {
    Path base = folder.resolve("base");
    TestCheckpoints.save(base, TinyFineTune.UPSCALER, 3);
    Path train = Photographs.write(folder.resolve("train"), 11, 40, 40);
    Path test = Photographs.write(folder.resolve("test"), 1, 48, 48);
    TinyFineTune killed =
        new TinyFineTune(base, train, test, folder.resolve("killed"), "nd4j", workers, EPOCHS, .01);
    TinyFineTune whole =
        new TinyFineTune(base, train, test, folder.resolve("whole"), "nd4j", workers, EPOCHS, .01);

    killOnce(killed, epoch);
    String resumed = killed.resume();
    String uninterrupted = whole.resume();

    assertThat(resumed).containsPattern("resumed at step \\d+").contains("base model  ");
    assertThat(line(resumed, "base model")).isEqualTo(line(uninterrupted, "base model"));
    String last = "step-%08d".formatted(STEPS_PER_EPOCH * EPOCHS);
    for (String file :
        List.of(
            "model.safetensors",
            "optimizer.safetensors",
            "critic.safetensors",
            "critic-optimizer.safetensors")) {
      assertThat(killed.checkpoints().resolve(last).resolve(file))
          .hasSameBinaryContentAs(whole.checkpoints().resolve(last).resolve(file));
    }
  }

  @Test
  @Timeout(400)
  void softlyStoppedRunEndsWithTheSameBitsInBothNetworks() throws Exception {
    Path base = folder.resolve("base");
    TestCheckpoints.save(base, TinyFineTune.UPSCALER, 3);
    Path train = Photographs.write(folder.resolve("train"), 11, 40, 40);
    Path test = Photographs.write(folder.resolve("test"), 1, 48, 48);
    TinyFineTune stopped =
        new TinyFineTune(
            base, train, test, folder.resolve("stopped"), "nd4j", 2, EPOCHS, .01, 1e-6);
    TinyFineTune whole =
        new TinyFineTune(base, train, test, folder.resolve("whole"), "nd4j", 2, EPOCHS, .01);
    List<String> program = new ArrayList<>(List.of(TinyFineTune.class.getName()));
    program.addAll(stopped.arguments());
    Path log = folder.resolve("log.txt");

    // Two of three steps: in the middle of the first epoch.
    int code =
        KilledProcess.signalled(
            program, stopped.checkpoints().resolve("step-00000002"), log, "TERM", 1);
    assertThat(code).as(Files.readString(log)).isEqualTo(TinyFineTune.STOPPED);
    stopped.resume();
    whole.resume();

    String last = "step-%08d".formatted(STEPS_PER_EPOCH * EPOCHS);
    for (String file :
        List.of(
            "model.safetensors",
            "optimizer.safetensors",
            "critic.safetensors",
            "critic-optimizer.safetensors")) {
      assertThat(stopped.checkpoints().resolve(last).resolve(file))
          .hasSameBinaryContentAs(whole.checkpoints().resolve(last).resolve(file));
    }
  }

  private void killOnce(TinyFineTune run, int epoch) throws Exception {
    List<String> program = new ArrayList<>(List.of(TinyFineTune.class.getName()));
    program.addAll(run.arguments());
    Path sign = run.checkpoints().resolve("step-%08d".formatted(STEPS_PER_EPOCH * epoch));
    KilledProcess.run(program, sign, folder.resolve("log.txt"));
  }

  private static String line(String printed, String start) {
    return printed.lines().filter(line -> line.startsWith(start)).findFirst().orElse("");
  }
}
