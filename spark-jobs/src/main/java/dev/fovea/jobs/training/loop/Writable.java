package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.support.console.UsageException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Finds out by trying whether a folder can be written. */
final class Writable {
  private static final String TRIAL = "_fovea-trial";

  private Writable() {}

  /**
   * Makes the folder if it is missing, and writes and deletes a file in it.
   *
   * @throws UsageException naming the option, if that fails
   */
  static void require(Configuration configuration, String option, Path folder) {
    try {
      FileSystem files = folder.getFileSystem(configuration);
      files.mkdirs(folder);
      Path trial = new Path(folder, TRIAL);
      files.create(trial, true).close();
      files.delete(trial, false);
    } catch (IOException e) {
      throw new UsageException(
          option, folder, "it cannot be written, a writable folder is needed: " + e.getMessage());
    }
  }
}
