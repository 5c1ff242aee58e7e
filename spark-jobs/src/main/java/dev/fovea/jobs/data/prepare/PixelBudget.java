package dev.fovea.jobs.data.prepare;

import java.util.concurrent.Semaphore;

/**
 * How many pixels are decoded at once in this process, whatever the number of tasks and threads, so
 * that a row of huge pictures waits instead of exhausting the heap.
 */
final class PixelBudget {
  /** Of heap for a pixel in work: decoded, its PNG, and the decoder's own. */
  private static final int BYTES_PER_PIXEL = 16;

  private static final int PIXELS_PER_PERMIT = 1 << 16;
  private static final int PERMITS =
      (int)
          Math.max(
              1,
              Math.min(
                  Integer.MAX_VALUE,
                  Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_PIXEL / PIXELS_PER_PERMIT));
  private static final Semaphore PIXELS = new Semaphore(PERMITS, true);

  private PixelBudget() {}

  /**
   * Waits until there is room; a picture larger than all room gets all of it.
   *
   * @return what to give back
   */
  static int take(long pixels) throws InterruptedException {
    int permits = (int) Math.min(PERMITS, 1 + pixels / PIXELS_PER_PERMIT);
    PIXELS.acquire(permits);
    return permits;
  }

  static void giveBack(int taken) {
    PIXELS.release(taken);
  }
}
