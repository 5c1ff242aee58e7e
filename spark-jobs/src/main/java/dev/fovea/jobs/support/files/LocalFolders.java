package dev.fovea.jobs.support.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Folders on this machine's disks. A file that was brought to the disk is found after a power cut
 * only if its folder was brought there as well.
 */
public final class LocalFolders {
  private LocalFolders() {}

  /** Makes a folder and those above it that are missing, and brings each of them to the disk. */
  static void create(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.toAbsolutePath().getParent();
    if (above != null) {
      create(above);
    }
    Files.createDirectories(folder);
    if (above != null) {
      force(above);
    }
  }

  /** Brings the names in a folder to the disk, where the system can. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows opens no folders, and a folder that may be written need not be readable.
    }
  }

  /**
   * Brings the name of a file and of its folder to the disk. Does nothing for a file that is not on
   * this machine's own file system.
   *
   * @param file fully qualified
   */
  public static void forceNames(org.apache.hadoop.fs.Path file) throws IOException {
    if (!InputStreams.isLocal(file)) {
      return;
    }
    Path folder = InputStreams.local(file).getParent();
    force(folder);
    if (folder.getParent() != null) {
      force(folder.getParent());
    }
  }
}
