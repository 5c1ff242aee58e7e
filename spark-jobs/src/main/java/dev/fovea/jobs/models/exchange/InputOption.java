package dev.fovea.jobs.models.exchange;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.model.checkpoint.DamagedFileException;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/**
 * A file that an option names.
 *
 * @param setting what names it
 * @param value the path as it was given
 */
record InputOption(Setting setting, String value) {
  /** Reads something from a file. */
  @FunctionalInterface
  interface Reading<T> {
    T from(InputStream in, long length) throws IOException;
  }

  /** What messages call the file. */
  String label() {
    return "%s '%s'".formatted(setting, value);
  }

  /**
   * Reads the file.
   *
   * @throws UsageException if it is missing, a folder, or not what it should be
   */
  <T> T read(Configuration hadoop, Reading<T> reading) throws IOException {
    try {
      Path path = new Path(value);
      FileSystem fileSystem = path.getFileSystem(hadoop);
      FileStatus status = fileSystem.getFileStatus(path);
      if (status.isDirectory()) {
        throw new UsageException(setting, value, "it is a folder; name the file");
      }
      try (InputStream in =
          new BufferedInputStream(
              InputStreams.open(hadoop, fileSystem.makeQualified(path)), 1 << 16)) {
        return reading.from(in, status.getLen());
      }
    } catch (FileNotFoundException e) {
      throw new UsageException(setting, value, "there is no such file");
    } catch (AccessControlException e) {
      throw new UsageException(setting, value, "it may not be read: " + e.getMessage());
    } catch (UnsupportedFileSystemException e) {
      throw new UsageException(setting, value, "there is no such file system: " + e.getMessage());
    } catch (DamagedFileException e) {
      // Its file is named by this label.
      throw new UsageException(e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException(setting, value, "it is no path: " + e.getMessage());
    }
  }

  /** Reads the whole of a small file. */
  byte[] readSmall(Configuration hadoop, int most) throws IOException {
    return read(
        hadoop,
        (in, length) -> {
          if (length > most) {
            throw new UsageException(
                setting, value, "%d bytes, at most %d are read".formatted(length, most));
          }
          byte[] bytes = in.readNBytes(most + 1);
          if (bytes.length > most) {
            throw new UsageException(setting, value, "more than %d bytes".formatted(most));
          }
          return bytes;
        });
  }
}
