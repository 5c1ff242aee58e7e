package dev.fovea.jobs.support.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file on this machine. */
final class LocalStagedFile implements StagedFile {
  private static final int BUFFER = 1 << 16;

  private final Path root;
  private final Path file;
  private final Path temporary;
  private final FileChannel channel;
  private final OutputStream out;
  private boolean done;

  LocalStagedFile(Path root, Path file, Path temporary) throws IOException {
    this.root = root;
    this.file = file;
    this.temporary = temporary;
    LocalFolders.create(temporary.getParent());
    requirePlace();
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
    requirePlace();
    LocalFolders.create(file.getParent());
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    done = true;
    LocalFolders.force(file.getParent());
  }

  /** A folder must not be there already, and no link may lead out of the root. */
  private void requirePlace() throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a directory");
    }
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
