package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * The processor time that decoding one picture may take, counted from when this is made, in the
 * thread that made it. Other pictures that are decoded meanwhile, and pauses of the machine, do not
 * count.
 */
final class Deadline {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Between looks at the clock: a few milliseconds. */
  private static final long PIXELS = 1 << 17;

  private final Duration allowed;
  private final long end;
  private long left = PIXELS;

  Deadline(Limits limits) {
    allowed = limits.decoding();
    end = now() + allowed.toNanos();
  }

  /**
   * To be called every now and then.
   *
   * @param pixels about as many as were visited since the last call
   * @throws RejectedPictureException if the time is over
   */
  void spend(long pixels) throws RejectedPictureException {
    left -= pixels;
    if (left > 0) {
      return;
    }
    left = PIXELS;
    check();
  }

  /**
   * To be called where it matters whether the time is over.
   *
   * @throws RejectedPictureException if it is
   */
  void check() throws RejectedPictureException {
    if (now() - end > 0) {
      throw new RejectedPictureException(
          "decoding it takes more than the limit of %s seconds of processor time"
              .formatted(allowed.toMillis() / 1000.0));
    }
  }

  private static long now() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }
}
