package dev.fovea.jobs.models.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full after any number of bytes, and an object store's lack of rename. */
class FullDiskTest {
  private static final AtomicLong FREE = new AtomicLong();

  @TempDir private java.nio.file.Path directory;

  @Test
  void aWriteThatFailsLeavesNothingThatLooksWhole() throws IOException {
    Configuration configuration = new Configuration(false);
    configuration.setClass("fs.full.impl", Disk.class, FileSystem.class);
    Path path = new Path("full://" + directory.toUri().getPath());
    List<String> warnings = new ArrayList<>();
    CheckpointStore store = HadoopCheckpointStore.at(path, configuration, warnings::add);
    FREE.set(Long.MAX_VALUE);
    CheckpointWriter writer = store.writer("run", Existing.REFUSE, 1);
    FREE.set(Long.MAX_VALUE);
    writer.write(Checkpoints.of("run", 1));
    long size = Long.MAX_VALUE - FREE.get();

    for (long free = 0; free < size; free += 1 + size / 50) {
      FREE.set(free);
      assertThatThrownBy(() -> writer.write(Checkpoints.of("run", 2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("step-00000002")
          .hasMessageContaining("No space left on device");
      assertThat(path.getFileSystem(configuration).exists(new Path(path, "step-00000002")))
          .isFalse();
      assertThat(store.read()).isEqualTo(Checkpoints.of("run", 1));
    }
    assertThat(warnings).isEmpty();

    FREE.set(size);
    writer.write(Checkpoints.of("run", 2));
    assertThat(store.read()).isEqualTo(Checkpoints.of("run", 2));
  }

  /** A store with so much room. */
  public static final class Disk extends LocalStore {
    /** Made by Hadoop. */
    public Disk() {
      super("full");
    }

    @Override
    protected FSDataOutputStream created(Path path, Creation creation) throws IOException {
      return new FSDataOutputStream(new LimitedOutput(creation.run(), FREE), null);
    }
  }
}
