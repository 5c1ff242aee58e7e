package dev.fovea.jobs.support.files;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes a file so that readers find the whole of it or what was there before. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes the bytes to the path, with the folders above it, over a file that is there already. How
   * is said at {@link StagedFile}.
   *
   * @throws IOException naming the path and what is wrong with it
   */
  public static void write(Configuration hadoop, Path path, byte[] bytes) throws IOException {
    Path file = path.getFileSystem(hadoop).makeQualified(path);
    try {
      if (file.isRoot()) {
        throw new IOException("it is a directory");
      }
      Path temporary = new Path(file.getParent(), "." + UUID.randomUUID() + ".tmp");
      Path anywhere = new Path(file, "/");
      try (StagedFile staged = StagedFile.create(hadoop, anywhere, file, temporary)) {
        staged.out().write(bytes);
        staged.commit();
      }
    } catch (IOException e) {
      throw new IOException("%s cannot be written: %s".formatted(path, StagedFile.reason(e)), e);
    }
  }
}
