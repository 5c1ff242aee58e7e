package dev.fovea.jobs.support.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritableTest {
  @TempDir java.nio.file.Path folder;

  private final Configuration hadoop = new Configuration();

  @Test
  void folderIsMadeAndLeftEmpty() {
    Writable.requireFolder(hadoop, Setting.RUN_DIR_PATH, path("a/b"));

    assertThat(folder.resolve("a/b")).isEmptyDirectory();
  }

  @Test
  void placeBelowAFileIsNoPlace() throws IOException {
    Files.write(folder.resolve("file"), new byte[1]);

    assertThatThrownBy(() -> Writable.requireFolder(hadoop, Setting.RUN_DIR_PATH, path("file/run")))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("--run-dir-path", "file/run", "it cannot be written");
    assertThatThrownBy(() -> Writable.requireFile(hadoop, Setting.OUTPUT_PATH, path("file/a.png")))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("--output-path", "file/a.png", "is no folder");
  }

  @Test
  void fileMayBeNewOrThereButNoFolder() throws IOException {
    Files.write(folder.resolve("there.png"), new byte[1]);

    Writable.requireFile(hadoop, Setting.OUTPUT_PATH, path("there.png"));
    Writable.requireFile(hadoop, Setting.OUTPUT_PATH, path("new/folder/a.png"));
    assertThatThrownBy(() -> Writable.requireFile(hadoop, Setting.OUTPUT_PATH, path("")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("it is a folder");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }
}
