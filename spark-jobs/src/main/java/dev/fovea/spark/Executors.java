package dev.fovea.spark;

import java.time.Duration;
import org.apache.spark.api.java.JavaSparkContext;

/** How many executors there are, where the cluster and not the application says how many. */
public final class Executors {
  private static final Duration MOST = Duration.ofMinutes(3);
  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 100;

  private Executors() {}

  /** Those that are there now; 0 in local mode, where the driver does the work. */
  public static int registered(JavaSparkContext spark) {
    // The driver is among them.
    return spark.sc().getExecutorMemoryStatus().size() - 1;
  }

  /**
   * Those that are there once none has come for some seconds, or for as long as the first one took:
   * they start together, and the first would otherwise be taken for all. At once in local mode; 0
   * after three minutes in which none came.
   */
  public static int settled(JavaSparkContext spark) {
    if (spark.isLocal()) {
      return registered(spark);
    }
    long start = System.nanoTime();
    long lastChange = start;
    Duration quiet = QUIET;
    int there = registered(spark);
    while (there == 0 ? since(start).compareTo(MOST) < 0 : since(lastChange).compareTo(quiet) < 0) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return there;
      }
      int now = registered(spark);
      if (now != there) {
        if (there == 0 && since(start).compareTo(quiet) > 0) {
          quiet = since(start);
        }
        there = now;
        lastChange = System.nanoTime();
      }
    }
    return there;
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
