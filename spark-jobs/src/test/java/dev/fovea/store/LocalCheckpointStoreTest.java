package dev.fovea.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.store.CheckpointStore.Existing;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
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
    assertThat(warnings.get(0)).contains("model.safetensors: fails the file system's checksum");
  }

  @Test
  void aDirectoryThatCannotBeReadIsNoDamage() throws IOException {
    java.nio.file.Path file = Files.createFile(directory.resolve("file"));
    CheckpointStore store =
        HadoopCheckpointStore.at(
            new Path(new Path(file.toUri()), "below"), configuration(), warning -> {});
    assertThatThrownBy(
            () -> store.writer("run", Existing.REFUSE, 1).write(Checkpoints.of("run", 1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write checkpoint")
        .hasMessageContaining("step-00000001");
  }
}
