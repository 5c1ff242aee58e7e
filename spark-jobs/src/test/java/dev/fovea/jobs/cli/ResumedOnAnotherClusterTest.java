package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import dev.fovea.jobs.training.loop.Photographs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers belong to the run and not to the cluster. */
class ResumedOnAnotherClusterTest {
  private static final String SAID =
      "2 workers, as the run that is resumed had; --num-workers changes";

  @TempDir Path folder;

  private Path train;
  private Path test;

  @BeforeEach
  void takePhotographs() throws IOException {
    train = Photographs.write(folder.resolve("train"), 13, 40, 40);
    test = Photographs.write(folder.resolve("test"), 1, 48, 48);
  }

  @Test
  @Timeout(900)
  void twoExecutorsThenOneThenTwoEndWithTheBitsOfAnUndisturbedRun() throws IOException {
    CommandRun two = pretrain("moved", "local-cluster[2,1,768]", 4);
    CommandRun one = pretrain("moved", "local-cluster[1,1,768]", 9);
    CommandRun twoAgain = pretrain("moved", "local-cluster[2,1,768]", 14);
    CommandRun whole = pretrain("whole", "local[2]", 14, "--num-workers=2");

    assertThat(two.out()).contains("2 workers with the engine").doesNotContain(SAID);
    assertThat(one.out()).contains(SAID, "resumed at step 4", "2 workers with the engine");
    assertThat(one.err()).doesNotContain("differs from the checkpoint in effective-workers");
    assertThat(twoAgain.out()).contains(SAID, "resumed at step 9");
    assertThat(whole.code()).as(whole.err()).isZero();
    for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(folder.resolve("moved/checkpoint/step-00000014").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole/checkpoint/step-00000014").resolve(file));
    }
  }

  @Test
  @Timeout(300)
  void anotherNumberIsTakenKnowingly() throws IOException {
    pretrain("changed", "local[2]", 4, "--num-workers=2");
    CommandRun changed = pretrain("changed", "local[2]", 6, "--num-workers=1");

    assertThat(changed.code()).as(changed.err()).isZero();
    assertThat(changed.out()).contains("1 worker with the engine").doesNotContain(SAID);
    assertThat(changed.err()).contains("effective-workers 1 instead of 2");
  }

  private CommandRun pretrain(String run, String master, int steps, String... further)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "pretrain",
                "--master=" + master,
                "--averaging-frequency=1",
                "--train-images-path=" + train,
                "--test-images-path=" + test,
                "--upscale-ratio=2",
                "--target-resolution=32",
                "--num-channels=4",
                "--num-layers=1",
                "--batch-size=2",
                "--gradient-accumulation-steps=1",
                "--max-steps=" + steps,
                "--engine=nd4j",
                "--seed=0",
                "--resume",
                "--checkpoint-path=" + folder.resolve(run).resolve("checkpoint"),
                "--run-dir-path=" + folder.resolve(run).resolve("run")));
    arguments.addAll(List.of(further));
    if (master.startsWith("local-cluster")) {
      LocalCluster.settingsOfExecutors()
          .forEach((name, value) -> arguments.add("--spark-conf=%s=%s".formatted(name, value)));
    }
    CommandRun ran = LocalCluster.withHome(() -> CommandRun.of(arguments.toArray(String[]::new)));
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran;
  }
}
