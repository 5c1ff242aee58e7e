package dev.fovea.jobs.support.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fovea.jobs.servers.S3;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class NewFileTest {
  @Test
  void ofSeveralWhoCreateAnObjectAtOnceOneDoes() throws Exception {
    Configuration configuration = S3.configuration();
    Path file = new Path(S3.uri(), "new-file/object");
    FileSystem files = file.getFileSystem(configuration);
    FSDataOutputStream early = NewFile.create(files, file);
    early.write('a');

    ExecutorService writers = Executors.newFixedThreadPool(4);
    List<Boolean> created;
    try {
      created =
          writers
              .invokeAll(
                  IntStream.range(0, 4)
                      .mapToObj(
                          i ->
                              (java.util.concurrent.Callable<Boolean>) () -> create(files, file, i))
                      .toList())
              .stream()
              .map(NewFileTest::get)
              .toList();
    } finally {
      writers.shutdown();
    }

    assertThat(created).containsOnlyOnce(true);
    // Whoever looked before anybody had written finds out when the stream is closed.
    assertThat(NewFile.exists(catchThrowableOfType(IOException.class, early::close))).isTrue();
    assertThat(
            NewFile.exists(
                catchThrowableOfType(IOException.class, () -> NewFile.create(files, file).close())))
        .isTrue();
  }

  private static boolean create(FileSystem files, Path file, int content) throws IOException {
    try (FSDataOutputStream out = NewFile.create(files, file)) {
      out.write(content);
    } catch (IOException e) {
      if (NewFile.exists(e)) {
        return false;
      }
      throw e;
    }
    return true;
  }

  private static boolean get(java.util.concurrent.Future<Boolean> future) {
    try {
      return future.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
