package dev.fovea.model.benchmark;

import java.util.Arrays;

/**
 * How long a contender took for one piece of work.
 *
 * @param contender who did it
 * @param work what was done, such as {@code step}
 * @param bestMillis the shortest time, in milliseconds: the one that others disturbed least
 * @param medianMillis the median, in milliseconds
 * @param turns how often it was measured
 */
public record Measurement(
    String contender, String work, double bestMillis, double medianMillis, int turns) {
  /**
   * @throws IllegalArgumentException if there is no turn or a time is not above 0
   */
  public Measurement {
    if (turns < 1 || !(bestMillis > 0) || !(medianMillis >= bestMillis)) {
      throw new IllegalArgumentException(
          "%s of %s: best %s ms, median %s ms of %d turns"
              .formatted(work, contender, bestMillis, medianMillis, turns));
    }
  }

  /** Sums up times in nanoseconds. */
  static Measurement of(String contender, String work, long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Measurement(
        contender, work, sorted[0] / 1e6, sorted[sorted.length / 2] / 1e6, sorted.length);
  }

  /** How many times as fast as another one this is, by the best times. */
  public double speedup(Measurement other) {
    return other.bestMillis / bestMillis;
  }
}
