package dev.fovea.jobs.upscaling.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A file in the making. Closing it without {@link #commit()} leaves nothing behind, and what was
 * there under its name before.
 */
interface StagedFile extends Closeable {
  OutputStream out();

  /** Makes the whole file appear under its name, over what was there. */
  void commit() throws IOException;

  @Override
  void close();
}
