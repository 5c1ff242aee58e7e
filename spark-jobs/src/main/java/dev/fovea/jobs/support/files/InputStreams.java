package dev.fovea.jobs.support.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Opens files. */
public final class InputStreams {
  /** Why what is no file cannot be opened. */
  public static final String NO_FILE = "it is a pipe, a socket or a device, not a file";

  private InputStreams() {}

  /**
   * Opens a file. Local ones are opened without Hadoop, which cannot open names with a colon and
   * believes any {@code .name.crc} that lies beside a file.
   *
   * @throws FileNotFoundException if there is no such file, whatever the file system
   * @throws IOException if it cannot be opened, or is a pipe, a socket or a device, which may have
   *     no end or never begin
   */
  public static InputStream open(Configuration configuration, Path path) throws IOException {
    if (isLocal(path)
        && Files.exists(local(path))
        && Files.readAttributes(local(path), BasicFileAttributes.class).isOther()) {
      throw new IOException(NO_FILE);
    }
    return openAny(configuration, path);
  }

  /** The same for what may also be a pipe, such as {@code <(find ...)} of a shell. */
  public static InputStream openAny(Configuration configuration, Path path) throws IOException {
    if (!isLocal(path)) {
      return path.getFileSystem(configuration).open(path);
    }
    try {
      return Files.newInputStream(local(path));
    } catch (NoSuchFileException e) {
      FileNotFoundException missing = new FileNotFoundException("there is no such file");
      missing.initCause(e);
      throw missing;
    }
  }

  /**
   * The folder on the way to a local file that may not be entered, for which a file behind it looks
   * as if it were missing.
   *
   * @param path fully qualified
   */
  public static Optional<java.nio.file.Path> closedFolder(Path path) {
    if (!isLocal(path)) {
      return Optional.empty();
    }
    for (java.nio.file.Path at = local(path).getParent(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at)) {
        return Files.isExecutable(at) ? Optional.empty() : Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /**
   * The path that a text names: a file's name with a colon, which Hadoop takes for a scheme, lies
   * in the working directory.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Path path(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      if (text.isEmpty() || text.contains("://")) {
        throw e;
      }
      return new Path("./" + text);
    }
  }

  static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  /** Whether a path is one of this machine's own file system. */
  public static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }
}
