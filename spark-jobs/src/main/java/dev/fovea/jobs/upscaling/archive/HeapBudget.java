package dev.fovea.jobs.upscaling.archive;

import java.util.concurrent.Semaphore;

/**
 * How much heap pictures in work may take in this process, whatever the number of tasks and
 * threads, so that a row of huge ones waits instead of exhausting it.
 */
final class HeapBudget {
  private static final long UNIT = 1 << 16;
  private static final int UNITS =
      (int) Math.max(1, Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 2 / UNIT));
  private static final Semaphore FREE = new Semaphore(UNITS, true);

  private HeapBudget() {}

  /** All there is, in bytes. */
  static long total() {
    return UNITS * UNIT;
  }

  /**
   * Waits until there is room; what needs more than all there is gets all of it.
   *
   * @return what to give back
   */
  static int take(long bytes) throws InterruptedException {
    int units = (int) Math.min(UNITS, 1 + bytes / UNIT);
    FREE.acquire(units);
    return units;
  }

  static void giveBack(int units) {
    FREE.release(units);
  }
}
