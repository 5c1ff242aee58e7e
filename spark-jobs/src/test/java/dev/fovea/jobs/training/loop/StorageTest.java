package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.models.store.HadoopCheckpointStore;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.servers.Hdfs;
import dev.fovea.jobs.servers.S3;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards, checkpoints, run events, reports and pictures on real servers, by the command line. */
class StorageTest {
  private final Configuration configuration = S3.configuration();
  private final List<String> console = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void aRunMovesFromHdfsToS3AndBackAndEndsWithTheBitsOfOneThatStayed() throws IOException {
    String train = Photographs.write(folder.resolve("train"), 11, 48, 40).toString();
    String test = Photographs.write(folder.resolve("test"), 1, 48, 48).toString();
    String hdfs = Hdfs.uri() + "/storage";
    String s3 = S3.uri() + "/storage";
    String local = folder.resolve("local").toString();
    fovea("prepare", "--images-path=" + train, "--output-path=" + hdfs + "/shards/train");
    fovea("prepare", "--images-path=" + test, "--output-path=" + hdfs + "/shards/test");

    pretrain(hdfs, 4);
    copy(hdfs, s3);
    assertThat(pretrain(s3, 7)).contains("resumed at step 4, epoch 2");
    delete(hdfs + "/checkpoints");
    delete(hdfs + "/run");
    copy(s3 + "/checkpoints", hdfs + "/checkpoints");
    copy(s3 + "/run", hdfs + "/run");
    assertThat(pretrain(hdfs, 9)).contains("resumed at step 7");
    copy(hdfs + "/shards", local + "/shards");
    pretrain(local, 9);

    assertThat(HadoopCheckpointStore.at(path(hdfs + "/checkpoints"), configuration, console::add))
        .extracting(StorageTest::weights)
        .isEqualTo(
            weights(
                HadoopCheckpointStore.at(
                    path(local + "/checkpoints"), configuration, console::add)));
    assertThat(RunEvents.read(configuration, path(hdfs + "/run")))
        .filteredOn(event -> event.name().equals("train/loss"))
        .extracting(event -> event.step())
        .doesNotHaveDuplicates()
        .endsWith(9L);

    fovea(
        "evaluate",
        "--images-path=" + s3 + "/pictures",
        "--checkpoint-path=" + s3 + "/checkpoints",
        "--report-path=" + s3 + "/report");
    CommandRun upscaled =
        CommandRun.of(
            "upscale",
            "--image-path=" + folder.resolve("test/picture-000.png"),
            "--checkpoint-path=" + hdfs + "/checkpoints",
            "--output-path=" + hdfs + "/large.png");
    assertThat(upscaled.code()).as(upscaled.err()).isZero();
    assertThat(bytes(path(s3 + "/report/report.json")))
        .asString(StandardCharsets.UTF_8)
        .contains("\"psnr\"", "s3a://");
    assertThat(bytes(path(hdfs + "/large.png"))).hasSizeGreaterThan(1000);

    assertThat(console).isNotEmpty().noneMatch(text -> text.contains(S3.SECRET));
    for (String place : List.of(hdfs, s3, local)) {
      assertThat(filesWithTheSecret(path(place))).as(place).isEmpty();
    }
  }

  private String pretrain(String root, int steps) throws IOException {
    if (root.startsWith("s3a:")) {
      copy(folder.resolve("test").toString(), root + "/pictures");
    }
    return fovea(
        "pretrain",
        "--master=local[2]",
        "--resume",
        "--train-images-path=" + root + "/shards/train",
        "--test-images-path=" + root + "/shards/test",
        "--checkpoint-path=" + root + "/checkpoints",
        "--run-dir-path=" + root + "/run",
        "--max-steps=" + steps,
        "--upscale-ratio=2",
        "--target-resolution=32",
        "--num-channels=4",
        "--num-layers=1",
        "--batch-size=2",
        "--gradient-accumulation-steps=2",
        "--eval-interval=100",
        "--checkpoint-interval=1",
        "--keep-checkpoints=9",
        "--seed=3");
  }

  private String fovea(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(Hdfs.options());
    all.addAll(S3.options());
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    console.add(run.out());
    console.add(run.err());
    assertThat(run.code()).as(String.join(" ", arguments) + "\n" + run.err()).isZero();
    return run.out();
  }

  private static byte[] weights(HadoopCheckpointStore store) {
    try {
      return store.read().upscaler().parameters().data().asBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void copy(String from, String to) throws IOException {
    FileSystem source = path(from).getFileSystem(configuration);
    FileSystem target = path(to).getFileSystem(configuration);
    assertThat(FileUtil.copy(source, path(from), target, path(to), false, configuration)).isTrue();
  }

  private void delete(String at) throws IOException {
    assertThat(path(at).getFileSystem(configuration).delete(path(at), true)).isTrue();
  }

  private List<String> filesWithTheSecret(org.apache.hadoop.fs.Path root) throws IOException {
    List<String> found = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> files =
        root.getFileSystem(configuration).listFiles(root, true);
    int looked = 0;
    while (files.hasNext()) {
      org.apache.hadoop.fs.Path file = files.next().getPath();
      looked++;
      if (new String(bytes(file), StandardCharsets.ISO_8859_1).contains(S3.SECRET)) {
        found.add(file.toString());
      }
    }
    assertThat(looked).as("files in %s", root).isPositive();
    return found;
  }

  private byte[] bytes(org.apache.hadoop.fs.Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      in.transferTo(bytes);
    }
    return bytes.toByteArray();
  }

  private static org.apache.hadoop.fs.Path path(String text) {
    return new org.apache.hadoop.fs.Path(text);
  }
}
