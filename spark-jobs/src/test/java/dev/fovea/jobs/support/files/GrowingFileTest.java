package dev.fovea.jobs.support.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same promises where the file system can append and where it cannot, as object stores. */
class GrowingFileTest {
  private static final Configuration CONFIGURATION = new Configuration();

  static {
    CONFIGURATION.setClass(
        "fs.noappend.impl", NoAppendFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
  }

  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("grows.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "noappend"})
  void partsFollowEachOther(String scheme) throws IOException {
    GrowingFile growing = replace(scheme, "one ");
    growing.append(bytes("two "));
    growing.append(bytes("three"));

    assertThat(file).hasContent("one two three");
    assertThat(growing.length()).isEqualTo(13);
    assertThat(names()).containsExactly("grows.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "noappend"})
  void whatWasThereIsReplaced(String scheme) throws IOException {
    Files.writeString(file, "something longer than what comes");

    replace(scheme, "new").append(bytes(" part"));

    assertThat(file).hasContent("new part");
  }

  @org.junit.jupiter.api.Test
  void partThatFailedIsMendedByTheNextOne() throws IOException {
    GrowingFile growing = replace("file", "one ");
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> growing.append(bytes("two "))))
        .isInstanceOf(IOException.class);
    Files.delete(file);
    Files.writeString(file, "one tw");

    growing.append(bytes("two "));
    growing.append(bytes("three"));

    assertThat(file).hasContent("one two three");
  }

  @org.junit.jupiter.api.Test
  void foreignTailIsCutOffWhenTheFileIsBegunAnew() throws IOException {
    replace("file", "one ");
    Files.writeString(file, "garbage", StandardOpenOption.APPEND);

    replace("file", "one ").append(bytes("two"));

    assertThat(file).hasContent("one two");
  }

  private GrowingFile replace(String scheme, String content) throws IOException {
    return GrowingFile.replace(
        CONFIGURATION,
        new org.apache.hadoop.fs.Path(scheme + "://" + file.toUri().getPath()),
        bytes(content));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
