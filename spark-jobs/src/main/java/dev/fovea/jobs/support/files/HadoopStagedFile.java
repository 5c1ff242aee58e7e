package dev.fovea.jobs.support.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A file on one of Hadoop's file systems. Object stores have no rename, but show a file only once
 * its stream has been closed: there it is written in its place, and given up before that if it
 * fails.
 */
final class HadoopStagedFile implements StagedFile {
  private static final int BUFFER = 1 << 16;

  private final FileSystem files;
  private final Path path;
  private final Path written;
  private final FSDataOutputStream stream;
  private final OutputStream out;
  private boolean done;

  private HadoopStagedFile(FileSystem files, Path path, Path written) throws IOException {
    this.files = files;
    this.path = path;
    this.written = written;
    stream = files.create(written, true);
    out = new BufferedOutputStream(stream, BUFFER);
  }

  static HadoopStagedFile create(FileSystem files, Path path, Path temporary) throws IOException {
    // What can append to a file shows it while it is written; object stores cannot.
    boolean renames = files.hasPathCapability(path, CommonPathCapabilities.FS_APPEND);
    return new HadoopStagedFile(files, path, renames ? temporary : path);
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void commit() throws IOException {
    out.flush();
    if (!written.equals(path)) {
      stream.hsync();
    }
    stream.close();
    if (!written.equals(path)) {
      files.mkdirs(path.getParent());
      FileContext.getFileContext(files.getUri(), files.getConf())
          .rename(written, path, Rename.OVERWRITE);
    }
    done = true;
  }

  @Override
  public void close() {
    if (done) {
      return;
    }
    done = true;
    try {
      if (stream.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
        stream.abort();
        return;
      }
      // Closing would show half a file, for as long as it takes to delete it; on stores without
      // abort there is no other way.
      try {
        stream.close();
      } finally {
        files.delete(written, false);
      }
    } catch (IOException e) {
      // The outcome of the picture says that it failed; a rerun writes it again.
    }
  }
}
