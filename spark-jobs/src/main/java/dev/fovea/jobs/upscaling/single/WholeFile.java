package dev.fovea.jobs.upscaling.single;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Writes a file so that readers find the whole of it or what was there before. On {@code file:} it
 * is written beside its place and moved there at once, and so it is on HDFS and others that can
 * append. Elsewhere it is created in place, which object stores make visible only when it is
 * closed; what fails halfway is deleted.
 */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes the bytes to the path, with the folders above it, over a file that is there already.
   *
   * @throws IOException naming the path and what is wrong with it
   */
  public static void write(Configuration hadoop, Path path, byte[] bytes) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    Path qualified = fileSystem.makeQualified(path);
    URI uri = qualified.toUri();
    try {
      if ("file".equals(uri.getScheme())) {
        writeLocal(java.nio.file.Path.of(uri.getPath()), bytes);
      } else if (fileSystem.hasPathCapability(qualified, CommonPathCapabilities.FS_APPEND)) {
        createAndMove(hadoop, fileSystem, qualified, bytes);
      } else {
        create(fileSystem, qualified, bytes);
      }
    } catch (IOException e) {
      throw new IOException("%s cannot be written: %s".formatted(path, reason(e)), e);
    }
  }

  private static void writeLocal(java.nio.file.Path file, byte[] bytes) throws IOException {
    java.nio.file.Path folder = file.getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new IOException("it is a directory");
    }
    Files.createDirectories(folder);
    java.nio.file.Path temporary =
        folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void createAndMove(
      Configuration hadoop, FileSystem fileSystem, Path path, byte[] bytes) throws IOException {
    Path temporary =
        new Path(path.getParent(), "." + path.getName() + "." + UUID.randomUUID() + ".tmp");
    create(fileSystem, temporary, bytes);
    boolean moved = false;
    try {
      // FileSystem's rename refuses to replace a file.
      FileContext.getFileContext(path.toUri(), hadoop)
          .rename(temporary, path, Options.Rename.OVERWRITE);
      moved = true;
    } finally {
      if (!moved) {
        fileSystem.delete(temporary, false);
      }
    }
  }

  private static void create(FileSystem fileSystem, Path path, byte[] bytes) throws IOException {
    boolean whole = false;
    try {
      try (OutputStream out = fileSystem.create(path, true)) {
        out.write(bytes);
      }
      whole = true;
    } finally {
      if (!whole) {
        fileSystem.delete(path, false);
      }
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException f && f.getReason() == null) {
      return f.getClass().getSimpleName().replaceAll("Exception$", "") + " at " + f.getFile();
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
