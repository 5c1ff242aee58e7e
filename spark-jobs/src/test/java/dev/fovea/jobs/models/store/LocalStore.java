package dev.fovea.jobs.models.store;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under a scheme of its own, as an object store: it cannot rename, and what is
 * created in it passes through one method.
 */
public abstract class LocalStore extends RawLocalFileSystem {
  private final String scheme;

  protected LocalStore(String scheme) {
    this.scheme = scheme;
  }

  /** Creates a file on the disk. */
  @FunctionalInterface
  protected interface Creation {
    FSDataOutputStream run() throws IOException;
  }

  /** What a file that is to be created becomes. */
  protected abstract FSDataOutputStream created(Path path, Creation creation) throws IOException;

  @Override
  public String getScheme() {
    return scheme;
  }

  @Override
  public URI getUri() {
    return URI.create(scheme + ":///");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return created(
        path, () -> super.create(path, overwrite, bufferSize, replication, blockSize, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return created(
        path,
        () ->
            super.create(
                path, permission, overwrite, bufferSize, replication, blockSize, progress));
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    throw new IOException("rename of " + from);
  }
}
