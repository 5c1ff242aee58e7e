package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.servers.Hdfs;
import dev.fovea.jobs.training.epoch.NoiseShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged shards and full disks, by the command line. */
class FailingStorageTest {
  private static final int PICTURES = 30;

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path test;

  @BeforeAll
  static void writeTestPicture() throws IOException {
    test = Photographs.write(shared.resolve("test"), 1, 48, 48);
  }

  @Test
  void aCorruptShardEndsTheRunAndIsNamed() throws IOException {
    Path shards = twoShards();
    Path shard = flipABitInThePictures(shards);

    CommandRun run = pretrain(shards, folder.resolve("checkpoints").toString(), "--max-steps=3");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errors())
        .filteredOn(line -> line.startsWith("fovea pretrain:"))
        .singleElement()
        .asString()
        .contains(shard.getFileName().toString(), "row group", "no checkpoint had been saved");
  }

  @Test
  void aCorruptShardIsLeftOutNamedAndCountedOnRequest() throws IOException {
    Path shards = twoShards();
    Path shard = flipABitInThePictures(shards);
    List<String> options = List.of("--on-corrupt-shard=skip", "--max-steps=3");

    CommandRun run = pretrain(shards, folder.resolve("one").toString(), options);
    List<String> beside = new ArrayList<>(options);
    beside.add("--run-dir-path=" + folder.resolve("run of two"));
    CommandRun again = pretrain(shards, folder.resolve("two").toString(), beside);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(run.err())
        .contains(shard.getFileName().toString())
        .containsPattern("row group \\d+ cannot be read.*it is left out")
        .contains("1 row group with ");
    assertThat(run.out()).containsPattern("training on \\d+ pictures");
    assertThat(trainedOn(run)).isPositive().isLessThan(PICTURES);
    assertThat(weights(folder.resolve("two"))).isEqualTo(weights(folder.resolve("one")));
  }

  @Test
  void aMissingShardIsLeftOutOnRequest() throws IOException {
    Path shards = twoShards();
    Path shard = shardsIn(shards).get(0);
    Files.delete(shard);

    CommandRun refused = pretrain(shards, folder.resolve("one").toString(), "--max-steps=1");
    CommandRun run =
        pretrain(
            shards, folder.resolve("two").toString(), "--max-steps=1", "--on-corrupt-shard=skip");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains(shard.getFileName().toString(), "the shard is missing");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .contains(shard.getFileName().toString(), "is missing", "the shard is left out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "continue"})
  void aFullStoreCostsAtMostTheNewestCheckpoint(String policy) throws IOException {
    Configuration configuration = Hdfs.configuration();
    org.apache.hadoop.fs.Path checkpoints =
        new org.apache.hadoop.fs.Path(Hdfs.uri() + "/full/" + policy);
    DistributedFileSystem hdfs = (DistributedFileSystem) checkpoints.getFileSystem(configuration);
    hdfs.mkdirs(checkpoints);
    // Room for one checkpoint (a directory of five files), the lease, and two files of the next.
    hdfs.setQuota(checkpoints, 1 + 6 + 1 + 3, HdfsConstants.QUOTA_DONT_SET);

    CommandRun run =
        pretrain(
            twoShards(),
            checkpoints.toString(),
            "--num-epochs=3",
            "--checkpoint-interval=1",
            "--keep-checkpoints=1",
            "--on-checkpoint-failure=" + policy);

    assertThat(run.code()).isEqualTo(1);
    boolean goesOn = policy.equals("continue");
    assertThat(run.out().contains("epoch 3/3")).isEqualTo(goesOn);
    assertThat(run.err().contains("training goes on")).isEqualTo(goesOn);
    assertThat(run.errors())
        .filteredOn(line -> line.startsWith("fovea pretrain:"))
        .singleElement()
        .asString()
        .contains("cannot write checkpoint", "quota", goesOn ? "step-00000009" : "step-00000006");
    assertThat(
            HadoopCheckpointStore.at(checkpoints, configuration, warning -> {})
                .read()
                .state()
                .step())
        .isEqualTo(3);
    assertThat(hdfs.listStatus(checkpoints)).hasSize(1);

    hdfs.setQuota(checkpoints, HdfsConstants.QUOTA_RESET, HdfsConstants.QUOTA_DONT_SET);
    CommandRun resumed =
        pretrain(
            twoShards(),
            checkpoints.toString(),
            "--num-epochs=3",
            "--checkpoint-interval=1",
            "--resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("resumed at step 3");
    assertThat(RunEvents.read(configuration, hadoop(folder.resolve("run")))).isNotEmpty();
  }

  @Test
  void aBatchThatDoesNotFitIsRefusedBeforeTrainingBegins() throws IOException {
    CommandRun run =
        pretrain(
            twoShards(),
            folder.resolve("checkpoints").toString(),
            "--batch-size=100000000",
            "--num-epochs=1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .containsPattern(
            "--batch-size '100000000': 100000000 samples of about .* the largest batch that fits is"
                + " \\d+");
    assertThat(folder.resolve("checkpoints")).doesNotExist();
  }

  private CommandRun pretrain(Path shards, String checkpoints, String... options) {
    return pretrain(shards, checkpoints, List.of(options));
  }

  private CommandRun pretrain(Path shards, String checkpoints, List<String> options) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "pretrain",
                "--master=local[2]",
                "--train-images-path=" + shards,
                "--test-images-path=" + test,
                "--checkpoint-path=" + checkpoints,
                "--run-dir-path=" + folder.resolve("run"),
                "--upscale-ratio=2",
                "--target-resolution=32",
                "--num-channels=4",
                "--num-layers=1",
                "--batch-size=5",
                "--gradient-accumulation-steps=2",
                "--seed=3"));
    all.addAll(options);
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static int trainedOn(CommandRun run) {
    String text = run.out();
    int from = text.indexOf("training on ") + "training on ".length();
    return Integer.parseInt(text.substring(from, text.indexOf(' ', from)));
  }

  private byte[] weights(Path checkpoints) throws IOException {
    return Files.readAllBytes(checkpoints.resolve("step-00000003/model.safetensors"));
  }

  private Path twoShards() throws IOException {
    Path shards = folder.resolve("shards");
    NoiseShards.writeWhole(shards, PICTURES, 40, 36);
    return shards;
  }

  private static List<Path> shardsIn(Path shards) throws IOException {
    try (Stream<Path> files = Files.list(shards)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private static Path flipABitInThePictures(Path shards) throws IOException {
    Path shard = shardsIn(shards).get(0);
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 3] ^= 1;
    Files.write(shard, bytes);
    Files.deleteIfExists(shard.resolveSibling("." + shard.getFileName() + ".crc"));
    return shard;
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
