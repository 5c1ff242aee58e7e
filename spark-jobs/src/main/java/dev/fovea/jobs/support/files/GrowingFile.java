package dev.fovea.jobs.support.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that grows while others read it: appended to where the file system can append, and written
 * anew, the whole of it, where it cannot (object stores). What a writer that was killed leaves
 * behind is at worst cut off within the last part. Not thread-safe.
 */
public final class GrowingFile {
  private final Configuration configuration;
  private final Path path;
  private final FileSystem fileSystem;
  private final boolean appends;

  /** What is to be written anew; empty where the file system appends. */
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  private long length;
  private boolean spoilt;

  private GrowingFile(Configuration configuration, Path path) throws IOException {
    this.configuration = configuration;
    this.path = path;
    FileSystem found = path.getFileSystem(configuration);
    // Hadoop's checksummed local file system refuses to append; the raw one below it does not.
    fileSystem = found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
    appends = fileSystem.hasPathCapability(path, CommonPathCapabilities.FS_APPEND);
  }

  /** Begins a file with the given content, in the place of one that is there, which stays whole. */
  public static GrowingFile replace(Configuration configuration, Path path, byte[] content)
      throws IOException {
    GrowingFile file = new GrowingFile(configuration, path);
    file.writeWhole(content);
    if (!file.appends) {
      file.kept.writeBytes(content);
    }
    return file;
  }

  /**
   * Adds a part. If that fails, the file stays as it was or is cut off within the part, and the
   * next call mends it; the part is then not in it and may be given again.
   */
  public void append(byte[] part) throws IOException {
    if (!appends) {
      byte[] content = Arrays.copyOf(kept.toByteArray(), Math.addExact(kept.size(), part.length));
      System.arraycopy(part, 0, content, kept.size(), part.length);
      writeWhole(content);
      kept.writeBytes(part);
      return;
    }
    if (spoilt) {
      writeWhole(head());
      spoilt = false;
    }
    spoilt = true;
    try (OutputStream out = fileSystem.append(path)) {
      out.write(part);
    }
    spoilt = false;
    length += part.length;
  }

  /** Bytes by now. */
  public long length() {
    return length;
  }

  /** Whether a part costs its own length only. */
  public boolean appends() {
    return appends;
  }

  private byte[] head() throws IOException {
    try (InputStream in = fileSystem.open(path)) {
      return in.readNBytes(Math.toIntExact(length));
    }
  }

  private void writeWhole(byte[] content) throws IOException {
    WholeFile.write(configuration, path, content);
    length = content.length;
  }
}
