package dev.fovea.jobs.support.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A file in the making. Closing it without {@link #commit()} leaves nothing behind, and what was
 * there under its name before.
 *
 * <p>On {@code file:} it is written under another name, brought to the disk, and moved to its place
 * at once, and so it is on HDFS and others that can append. Elsewhere it is created in place, which
 * object stores make visible only when it is closed.
 */
public interface StagedFile extends Closeable {
  /**
   * Begins a file; the folders above it are made.
   *
   * @param root a folder that a local file must lie in, whatever links are on the way
   * @param file where it goes, fully qualified
   * @param temporary where it is written until it is whole, on the same file system
   */
  static StagedFile create(Configuration configuration, Path root, Path file, Path temporary)
      throws IOException {
    return InputStreams.isLocal(file)
        ? new LocalStagedFile(
            InputStreams.local(root), InputStreams.local(file), InputStreams.local(temporary))
        : HadoopStagedFile.create(file.getFileSystem(configuration), file, temporary);
  }

  /** What went wrong with a file, in one line. */
  static String reason(IOException e) {
    if (e instanceof FileSystemException f && f.getReason() == null) {
      return f.getClass().getSimpleName().replaceAll("Exception$", "") + " at " + f.getFile();
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Takes the content. */
  OutputStream out();

  /** Makes the whole file appear under its name, over what was there. */
  void commit() throws IOException;

  @Override
  void close();
}
