package dev.fovea.jobs.support.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFoldersTest {
  @TempDir Path folder;

  @Test
  void aWholeFileIsBroughtToTheDiskWithTheFoldersThatWereMadeForIt() throws IOException {
    Path file = folder.resolve("a/b/file.json");
    List<String> forced;
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold();
      recording.start();
      WholeFile.write(
          new Configuration(), new org.apache.hadoop.fs.Path(file.toUri()), "text".getBytes(UTF_8));
      recording.stop();
      Path dump = folder.resolve("dump.jfr");
      recording.dump(dump);
      forced =
          RecordingFile.readAllEvents(dump).stream().map(event -> event.getString("path")).toList();
    }

    assertThat(file).hasContent("text");
    assertThat(forced).contains(folder.toString(), folder.resolve("a").toString());
    assertThat(forced).last().isEqualTo(folder.resolve("a/b").toString());
    assertThat(forced).anyMatch(path -> path.endsWith(".tmp"));
  }
}
