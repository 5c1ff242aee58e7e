package dev.fovea.jobs.spark.counters;

import com.codahale.metrics.ExponentiallyDecayingReservoir;
import com.codahale.metrics.Histogram;
import java.util.concurrent.TimeUnit;

/** How long something took, time after time, in milliseconds. Safe for use by several threads. */
public final class Durations {
  private final Histogram milliseconds = new Histogram(new ExponentiallyDecayingReservoir());

  Durations() {}

  /** Takes down one that began at the given {@link System#nanoTime()} and ends now. */
  public void since(long beginNanos) {
    milliseconds.update(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos));
  }

  /** How many were taken down. */
  public long count() {
    return milliseconds.getCount();
  }

  Histogram histogram() {
    return milliseconds;
  }
}
