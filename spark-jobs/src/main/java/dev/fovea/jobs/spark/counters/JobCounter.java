package dev.fovea.jobs.spark.counters;

import java.io.Serializable;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts what the tasks of a job do. Tasks and driver add, the driver reads; Spark hands over what
 * a task counted when the task has ended well, so that a task that is tried again counts once.
 *
 * <p>Safe for use by several threads of a task: {@link #add} is synchronised.
 */
public final class JobCounter implements Serializable {
  private static final long serialVersionUID = 1;

  private final LongAccumulator sum;

  JobCounter(LongAccumulator sum) {
    this.sum = sum;
  }

  /** Counts further ones, 0 or more. */
  public void add(long more) {
    synchronized (sum) {
      sum.add(more);
    }
  }

  /** What the driver knows of by now. */
  public long value() {
    return sum.sum();
  }
}
