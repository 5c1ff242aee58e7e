package dev.fovea.jobs.models.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCheckpointStoreTest extends CheckpointStoreContractTest {
  @TempDir private java.nio.file.Path directory;

  @Override
  protected Path root() {
    return new Path(directory.toUri());
  }

  @Override
  protected Configuration configuration() {
    return new Configuration(false);
  }

  @Test
  void aBitThatFlippedOnTheDiskIsDamage() throws IOException {
    List<String> warnings = new ArrayList<>();
    CheckpointStore store = HadoopCheckpointStore.at(root(), configuration(), warnings::add);
    CheckpointWriter writer = store.writer("run", Existing.REFUSE, 2);
    writer.write(Checkpoints.of("run", 1));
    writer.write(Checkpoints.of("run", 2));
    java.nio.file.Path model = directory.resolve("step-00000002/model.safetensors");
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length - 1] ^= 1;
    Files.write(model, bytes);
    assertThat(store.read()).isEqualTo(Checkpoints.of("run", 1));
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("model.safetensors: SHA-256");
  }

  @Test
  void noChecksumsOfHadoopLieBesideTheFilesAndOldOnesAreClearedAway() throws IOException {
    CheckpointStore store = HadoopCheckpointStore.at(root(), configuration(), warning -> {});
    CheckpointWriter writer = store.writer("run", Existing.REFUSE, 1);
    writer.write(Checkpoints.of("run", 1));
    java.nio.file.Path first = directory.resolve("step-00000001");
    try (Stream<java.nio.file.Path> files = Files.list(first)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".crc"));
    }
    Files.write(first.resolve(".config.json.crc"), new byte[] {1});
    assertThat(store.read()).isEqualTo(Checkpoints.of("run", 1));
    writer.write(Checkpoints.of("run", 2));
    assertThat(first).doesNotExist();
  }

  @Test
  void aDirectoryThatCannotBeReadIsNoDamage() throws IOException {
    java.nio.file.Path file = Files.createFile(directory.resolve("file"));
    CheckpointStore store =
        HadoopCheckpointStore.at(
            new Path(new Path(file.toUri()), "below"), configuration(), warning -> {});
    assertThatThrownBy(() -> store.writer("run", Existing.REFUSE, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write to")
        .hasMessageContaining("file/below");
  }
}
