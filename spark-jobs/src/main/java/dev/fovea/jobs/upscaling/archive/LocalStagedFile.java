package dev.fovea.jobs.upscaling.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file on this machine: written elsewhere in the output root, brought to the disk, and moved to
 * its place at once.
 */
final class LocalStagedFile implements StagedFile {
  private static final int BUFFER = 1 << 16;

  private final Path root;
  private final Path file;
  private final Path temporary;
  private final FileChannel channel;
  private final OutputStream out;
  private boolean done;

  LocalStagedFile(Path root, Path file, Path temporaryFolder) throws IOException {
    this.root = root;
    this.file = file;
    Files.createDirectories(temporaryFolder);
    requireInside();
    temporary = temporaryFolder.resolve(UUID.randomUUID().toString());
    channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void commit() throws IOException {
    out.flush();
    channel.force(false);
    channel.close();
    requireInside();
    Files.createDirectories(file.getParent());
    if (Files.isDirectory(file)) {
      throw new IOException("there is a folder of its name");
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    done = true;
  }

  /** A link in the output tree must not lead the job out of it. */
  private void requireInside() throws IOException {
    Path folder = file.getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder == null || !folder.toRealPath().startsWith(root.toRealPath())) {
      throw new IOException("'%s' leads out of the output path".formatted(folder));
    }
  }

  @Override
  public void close() {
    if (done) {
      return;
    }
    done = true;
    try {
      channel.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // What is left lies among the unfinished files, which a later run deletes.
    }
  }
}
