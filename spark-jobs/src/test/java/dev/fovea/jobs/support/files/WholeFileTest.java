package dev.fovea.jobs.support.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir java.nio.file.Path folder;

  private final Configuration hadoop = new Configuration();

  @Test
  void theFileIsThereWithItsFoldersAndNothingBesideIt() throws IOException {
    java.nio.file.Path file = folder.resolve("a/b/out.bin");

    WholeFile.write(hadoop, new Path(file.toUri()), new byte[] {1, 2, 3});

    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(file.getParent().toFile().list()).containsExactly("out.bin");
  }

  @Test
  void anEarlierFileIsReplaced() throws IOException {
    java.nio.file.Path file = Files.write(folder.resolve("out.bin"), new byte[9]);

    WholeFile.write(hadoop, new Path(file.toUri()), new byte[] {4});

    assertThat(file).hasBinaryContent(new byte[] {4});
    assertThat(folder.toFile().list()).containsExactly("out.bin");
  }

  @Test
  void aPlaceBelowAFileIsNamedAsTheReason() throws IOException {
    java.nio.file.Path file = Files.write(folder.resolve("file"), new byte[1]);

    assertThatThrownBy(() -> WholeFile.write(hadoop, new Path(file + "/out.bin"), new byte[] {1}))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + "/out.bin cannot be written: ")
        .hasMessageContaining(file.toString());
  }

  @Test
  void aDirectoryIsNotReplaced() {
    assertThatThrownBy(() -> WholeFile.write(hadoop, new Path(folder.toUri()), new byte[1]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be written: it is a directory");
    assertThat(folder).isEmptyDirectory();
  }
}
