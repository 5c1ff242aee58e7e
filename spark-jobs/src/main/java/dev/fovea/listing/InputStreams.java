package dev.fovea.listing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Opens inputs. */
public final class InputStreams {
  private InputStreams() {}

  /**
   * Opens a file. Local ones are opened without Hadoop, which cannot open names with a colon and
   * believes any {@code .name.crc} that lies beside a file.
   *
   * @throws FileNotFoundException if there is no such file, whatever the file system
   */
  public static InputStream open(Configuration configuration, Path path) throws IOException {
    if (!isLocal(path)) {
      return path.getFileSystem(configuration).open(path);
    }
    try {
      return Files.newInputStream(java.nio.file.Path.of(path.toUri().getPath()));
    } catch (NoSuchFileException e) {
      FileNotFoundException missing = new FileNotFoundException("there is no such file");
      missing.initCause(e);
      throw missing;
    }
  }

  /** Whether a path is one of this machine's own file system. */
  public static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }
}
