package dev.fovea.jobs.models.store;

import dev.fovea.jobs.support.files.LocalFolders;
import dev.fovea.jobs.support.files.NewFile;
import dev.fovea.model.checkpoint.CheckpointFormat;
import dev.fovea.model.checkpoint.DamagedFileException;
import dev.fovea.model.checkpoint.Manifest;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A directory {@code step-NNNNNNNN} for one checkpoint, whole or not.
 *
 * @param fileSystem where it lies
 * @param path the directory
 * @param step the optimiser step in its name
 */
record StepDirectory(FileSystem fileSystem, Path path, long step) {
  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");

  /** The step directory of the given path, if it has the name of one. */
  static Optional<StepDirectory> named(FileSystem fileSystem, Path path) {
    Matcher name = NAME.matcher(path.getName());
    if (!name.matches()) {
      return Optional.empty();
    }
    StepDirectory directory = new StepDirectory(fileSystem, path, Long.parseLong(name.group(1)));
    return directory.hasCanonicalName() ? Optional.of(directory) : Optional.empty();
  }

  /** The step directory for a step, there or not. */
  static StepDirectory of(FileSystem fileSystem, Path parent, long step) {
    return new StepDirectory(fileSystem, new Path(parent, name(step)), step);
  }

  /** The step directories in a path, highest step first; none if there is no such path. */
  static List<StepDirectory> list(FileSystem fileSystem, Path parent) throws IOException {
    List<StepDirectory> directories = new ArrayList<>();
    for (FileStatus status : entries(fileSystem, parent)) {
      if (status.isDirectory()) {
        named(fileSystem, status.getPath()).ifPresent(directories::add);
      }
    }
    directories.sort(Comparator.comparingLong(StepDirectory::step).reversed());
    return directories;
  }

  /** What a path contains; nothing if there is no such path. */
  static List<FileStatus> entries(FileSystem fileSystem, Path path) throws IOException {
    try {
      return List.of(fileSystem.listStatus(path));
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /** A file in it that Fovea does not write, if there is one. */
  Optional<Path> strangeFile() throws IOException {
    for (FileStatus status : entries(fileSystem, path)) {
      String name = status.getPath().getName();
      if (!status.isFile() || !isOurs(name)) {
        return Optional.of(status.getPath());
      }
    }
    return Optional.empty();
  }

  private static boolean isOurs(String name) {
    // Older versions wrote through a file system that puts a checksum beside each file.
    String file =
        name.startsWith(".") && name.endsWith(".crc") ? name.substring(1, name.length() - 4) : name;
    return CheckpointFormat.FILES.contains(file)
        || CheckpointFormat.OPTIONAL_FILES.stream().anyMatch(files -> files.contains(file))
        || file.equals(Manifest.NAME);
  }

  /** Whether writing it came to its end. */
  boolean hasManifest() throws IOException {
    return fileSystem.exists(new Path(path, Manifest.NAME));
  }

  /** Opens a file; content that fails the file system's own checksum is a damaged file. */
  InputStream open(String name) throws IOException {
    return new Checked(name, fileSystem.open(new Path(path, name)));
  }

  /**
   * Creates a file that is not there; closing it asks for durability where the file system can
   * promise it.
   */
  OutputStream create(String name) throws IOException {
    return durable(fileSystem, new Path(path, name), false);
  }

  static OutputStream durable(FileSystem fileSystem, Path file, boolean overwrite)
      throws IOException {
    Path qualified = fileSystem.makeQualified(file);
    return new Durable(
        qualified,
        overwrite ? fileSystem.create(qualified, true) : NewFile.create(fileSystem, qualified));
  }

  /** Makes it no checkpoint. */
  void deleteManifest() throws IOException {
    fileSystem.delete(new Path(path, Manifest.NAME), false);
  }

  /**
   * Deletes it if it is there, the manifest first, so that no part of it ever looks whole.
   *
   * @throws CheckpointPathNotEmptyException if it holds a file that Fovea does not write
   */
  void delete() throws IOException {
    Optional<Path> strange = strangeFile();
    if (strange.isPresent()) {
      throw new CheckpointPathNotEmptyException(
          "%s is not deleted: %s is no part of a checkpoint".formatted(path, strange.get()));
    }
    deleteManifest();
    if (!fileSystem.delete(path, true) && fileSystem.exists(path)) {
      throw new IOException("cannot delete " + path);
    }
  }

  private boolean hasCanonicalName() {
    return path.getName().equals(name(step));
  }

  private static String name(long step) {
    return String.format(Locale.ROOT, "step-%08d", step);
  }

  private static final class Checked extends FilterInputStream {
    private final String name;

    Checked(String name, InputStream in) {
      super(in);
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (ChecksumException e) {
        throw damaged(e);
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (ChecksumException e) {
        throw damaged(e);
      }
    }

    private DamagedFileException damaged(ChecksumException e) {
      return new DamagedFileException(
          name, "fails the file system's checksum at byte " + e.getPos(), e);
    }
  }

  private static final class Durable extends FilterOutputStream {
    private final Path path;
    private final FSDataOutputStream file;
    private boolean closed;

    Durable(Path path, FSDataOutputStream file) {
      super(file);
      this.path = path;
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      file.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (file) {
        if (file.hasCapability(StreamCapabilities.HSYNC)) {
          file.hsync();
        }
      }
      LocalFolders.forceNames(path);
    }
  }
}
