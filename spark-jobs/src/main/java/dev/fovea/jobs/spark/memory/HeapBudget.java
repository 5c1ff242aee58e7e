package dev.fovea.jobs.spark.memory;

import java.util.concurrent.Semaphore;

/**
 * How much of this process's heap pictures in work may take, whatever the number of tasks and
 * threads, so that a row of huge ones waits instead of exhausting it. Safe for use by several
 * threads, who are served in turn.
 */
public final class HeapBudget {
  private static final long UNIT = 1 << 16;

  private final int units;
  private final Semaphore free;

  /**
   * @param bytes all there is
   */
  HeapBudget(long bytes) {
    units = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / UNIT));
    free = new Semaphore(units, true);
  }

  /** A budget of so much of the heap. */
  public static HeapBudget ofHeap(double share) {
    return new HeapBudget((long) (share * Runtime.getRuntime().maxMemory()));
  }

  /** What one has taken, to be closed once, by any thread. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** All there is, in bytes. */
  public long total() {
    return units * UNIT;
  }

  /** Waits until there is room; what needs more than all there is gets all of it. */
  public Held take(long bytes) throws InterruptedException {
    int taken = (int) Math.min(units, 1 + bytes / UNIT);
    free.acquire(taken);
    return () -> free.release(taken);
  }
}
