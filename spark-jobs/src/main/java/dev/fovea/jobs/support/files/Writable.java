package dev.fovea.jobs.support.files;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Finds out early what would only show when the work is done: that an output cannot be written. */
public final class Writable {
  private static final String TRIAL = "_fovea-trial";

  private Writable() {}

  /**
   * Makes the folder if it is missing, and writes and deletes a file in it.
   *
   * @throws UsageException naming the option, if that fails
   */
  public static void requireFolder(Configuration configuration, Setting setting, Path folder) {
    try {
      FileSystem files = folder.getFileSystem(configuration);
      files.mkdirs(folder);
      Path trial = new Path(folder, TRIAL);
      files.create(trial, true).close();
      files.delete(trial, false);
    } catch (IOException e) {
      throw new UsageException(
          setting, folder, "it cannot be written, a writable folder is needed: " + e.getMessage());
    }
  }

  /**
   * Whether names that differ only in case are one file there, as usual on Windows and macOS and on
   * memory cards; found out by writing a file, so that the folder is made if it is missing.
   */
  public static boolean ignoresCase(Configuration configuration, Path folder) throws IOException {
    FileSystem files = folder.getFileSystem(configuration);
    files.mkdirs(folder);
    Path trial = new Path(folder, TRIAL + "-" + UUID.randomUUID()); // Others may be at work there.
    files.create(trial, true).close();
    try {
      return files.exists(new Path(folder, trial.getName().toUpperCase(Locale.ROOT)));
    } finally {
      files.delete(trial, false);
    }
  }

  /**
   * Looks at the place of a local file; what is elsewhere is only found out by writing.
   *
   * @throws UsageException naming the option, the path and the reason, if it cannot be written
   */
  public static void requireFile(Configuration configuration, Setting setting, Path path)
      throws IOException {
    Path qualified = path.getFileSystem(configuration).makeQualified(path);
    if (!InputStreams.isLocal(qualified)) {
      return;
    }
    java.nio.file.Path file = InputStreams.local(qualified);
    if (Files.isDirectory(file)) {
      throw new UsageException(setting, path, "it is a folder");
    }
    java.nio.file.Path folder = file.getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UsageException(setting, path, "%s is no folder".formatted(folder));
    }
    if (!Files.isWritable(folder)) {
      throw new UsageException(setting, path, "the folder %s cannot be written".formatted(folder));
    }
  }

  /**
   * Finds out that a file may be written: that it is none of the command's inputs, by whatever name
   * or link, and that no other file lies there which is to stay.
   *
   * @throws UsageException naming the setting and the path
   */
  public static void requireFree(
      Configuration hadoop, Setting setting, Path path, ExistingFile existing, List<Path> inputs)
      throws IOException {
    for (Path input : inputs) {
      if (isSame(hadoop, path, input)) {
        throw new UsageException(setting, path, "it is an input of this command");
      }
    }
    if (existing == ExistingFile.KEEP && path.getFileSystem(hadoop).exists(path)) {
      throw new UsageException(
          setting, path, "a file is there; %s replaces it".formatted(Setting.OVERWRITE));
    }
  }

  private static boolean isSame(Configuration hadoop, Path one, Path other) throws IOException {
    Path a = one.getFileSystem(hadoop).makeQualified(one);
    Path b = other.getFileSystem(hadoop).makeQualified(other);
    if (a.equals(b)) {
      return true;
    }
    if (!"file".equals(a.toUri().getScheme()) || !"file".equals(b.toUri().getScheme())) {
      return false;
    }
    java.nio.file.Path file = java.nio.file.Path.of(a.toUri().getPath());
    return Files.exists(file) && Files.isSameFile(file, java.nio.file.Path.of(b.toUri().getPath()));
  }
}
