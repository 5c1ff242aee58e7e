package dev.fovea.jobs.models.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Writes to a disk that has only so much room, which it shares with others. */
public final class LimitedOutput extends FilterOutputStream {
  private final AtomicLong free;

  /**
   * @param free bytes that may still be written
   */
  public LimitedOutput(OutputStream out, AtomicLong free) {
    super(out);
    this.free = free;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (free.addAndGet(-length) < 0) {
      throw new IOException("No space left on device");
    }
    out.write(bytes, offset, length);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }
}
