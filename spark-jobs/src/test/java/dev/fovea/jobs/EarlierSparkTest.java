package dev.fovea.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a build on Spark 3.5.9 wrote is read: checkpoints, shards and an archive's manifest. */
class EarlierSparkTest {
  private static final List<String> ENGINE = List.of("--engine", "nd4j", "--device", "cpu");

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException, URISyntaxException {
    Path stored = Path.of(EarlierSparkTest.class.getResource("/spark-3.5").toURI());
    try (Stream<Path> files = Files.walk(stored)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(stored.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  @Test
  void trainingGoesOnFromItsCheckpointWithItsShards() throws IOException {
    CommandRun run = resume("--num-epochs=3", "--batch-size=2");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(folder.resolve("checkpoint/step-00000006/MANIFEST.json")).exists();
  }

  @Test
  void withLargerBatchesTheEpochsThatAreLeftAreTrained() throws IOException {
    CommandRun run = resume("--num-epochs=3", "--batch-size=4");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("epoch 3/3  step 5");
    assertThat(run.err()).contains("this part differs", "batch-size 4 instead of 2");
    assertThat(folder.resolve("checkpoint/step-00000005/MANIFEST.json")).exists();

    CommandRun done = resume("--num-epochs=3", "--batch-size=4");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.err()).contains("nothing is left to train: 3 of 3 epochs and 5 steps");

    anotherRunLeavesTheRecordAlone();
  }

  private void anotherRunLeavesTheRecordAlone() throws IOException {
    String record = Files.readString(folder.resolve("run/metrics.jsonl"));

    CommandRun other = train(folder.resolve("other"), "--num-epochs=1", "--batch-size=4");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err())
        .contains("--run-dir-path", "it holds the record of a run that saves to", "--overwrite");
    assertThat(folder.resolve("run/metrics.jsonl")).hasContent(record);
    assertThat(folder.resolve("other")).doesNotExist();

    CommandRun replaced =
        train(folder.resolve("other"), "--num-epochs=1", "--batch-size=4", "--overwrite");
    assertThat(replaced.code()).as(replaced.err()).isZero();
    CommandRun info =
        CommandRun.of(
            "info",
            "--checkpoint-path=" + folder.resolve("checkpoint"),
            "--run-dir-path=" + folder.resolve("run"));
    assertThat(info.code()).isEqualTo(2);
    assertThat(info.err()).contains("the record of another run than this checkpoint's");
    CommandRun again = resume("--num-epochs=4", "--batch-size=4");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("of another run than the one that is resumed");
  }

  @Test
  void anArchiveThatIsDoneIsNotDoneAgain() throws IOException {
    Path in = folder.resolve("archive/in");
    Path out = folder.resolve("archive/out");
    try (Stream<Path> files = Files.list(out.resolve("_fovea/run"))) {
      for (Path file : files.toList()) {
        Files.writeString(
            file, Files.readString(file).replace("@IN@", "file:" + in.toAbsolutePath()));
      }
    }
    Files.setLastModifiedTime(in.resolve("s.png"), FileTime.fromMillis(1796090784898L));
    Files.setLastModifiedTime(out.resolve("s.png.png"), FileTime.fromMillis(1796090790514L));

    CommandRun run =
        run(
            "upscale",
            "--images-path=" + in,
            "--output-path=" + out,
            "--checkpoint-path=" + folder.resolve("checkpoint"),
            "--precision=fp32",
            "--master=local[1]");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("upscaled +0").containsPattern("skipped +1");
  }

  private CommandRun resume(String... more) {
    return train(
        folder.resolve("checkpoint"),
        Stream.concat(Stream.of("--resume"), Stream.of(more)).toArray(String[]::new));
  }

  private CommandRun train(Path checkpoints, String... more) {
    String[] common = {
      "pretrain",
      "--train-images-path=" + folder.resolve("shards"),
      "--test-images-path=" + folder.resolve("archive/out"),
      "--checkpoint-path=" + checkpoints,
      "--run-dir-path=" + folder.resolve("run"),
      "--num-channels=4",
      "--num-layers=1",
      "--hidden-ratio=1",
      "--gradient-accumulation-steps=1",
      "--target-resolution=48",
      "--seed=5",
      "--master=local[1]"
    };
    return run(Stream.concat(Stream.of(common), Stream.of(more)).toArray(String[]::new));
  }

  private static CommandRun run(String... command) {
    return CommandRun.of(Stream.concat(Stream.of(command), ENGINE.stream()).toArray(String[]::new));
  }
}
