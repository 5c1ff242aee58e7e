package dev.fovea.jobs.support.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same promises on local files and on a file system that cannot rename, as object stores. */
class StagedFileTest {
  private static final Configuration CONFIGURATION = new Configuration();

  static {
    CONFIGURATION.setClass("fs.noappend.impl", NoAppendFileSystem.class, FileSystem.class);
  }

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"file", "noappend"})
  void committedFileLiesUnderItsNameAlone(String scheme) throws IOException {
    try (StagedFile staged = create(scheme, "a/out.bin")) {
      staged.out().write(new byte[] {1, 2});
      staged.commit();
    }

    assertThat(folder.resolve("a/out.bin")).hasBinaryContent(new byte[] {1, 2});
    assertThat(files()).containsExactly("a/out.bin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "noappend"})
  void nothingIsLeftOfWhatIsNotCommitted(String scheme) throws IOException {
    try (StagedFile staged = create(scheme, "a/out.bin")) {
      staged.out().write(new byte[1 << 17]);
    }

    assertThat(files()).isEmpty();
  }

  @Test
  void whatWasThereStaysUntilTheNextOneIsWhole() throws IOException {
    Files.write(folder.resolve("out.bin"), new byte[] {7});

    try (StagedFile staged = create("file", "out.bin")) {
      staged.out().write(new byte[1 << 17]);
      assertThat(folder.resolve("out.bin")).hasBinaryContent(new byte[] {7});
    }

    assertThat(folder.resolve("out.bin")).hasBinaryContent(new byte[] {7});
    assertThat(files()).containsExactly("out.bin");
  }

  @Test
  void linkThatLeadsOutOfTheRootIsNotFollowed(@TempDir Path elsewhere) throws IOException {
    Files.createSymbolicLink(folder.resolve("a"), elsewhere);

    assertThatThrownBy(() -> create("file", "a/out.bin"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("leads out of the output path");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void folderOfTheNameIsNotReplaced() throws IOException {
    Files.createDirectory(folder.resolve("out.bin"));

    assertThatThrownBy(() -> create("file", "out.bin"))
        .isInstanceOf(IOException.class)
        .hasMessage("it is a directory");
  }

  private StagedFile create(String scheme, String name) throws IOException {
    return StagedFile.create(
        CONFIGURATION, at(scheme, ""), at(scheme, name), at(scheme, "unfinished/1"));
  }

  private org.apache.hadoop.fs.Path at(String scheme, String name) {
    return new org.apache.hadoop.fs.Path(scheme + "://" + folder.toUri().getPath() + name);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(each -> folder.relativize(each).toString())
          .toList();
    }
  }
}
