package dev.fovea.model.arrays;

import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Runs independent parts of a computation, on several threads where there is enough of it.
 *
 * <p>Which thread computes a part must not change its result; then the result of the whole does not
 * depend on the number of threads either.
 */
public final class HostLoop {
  /** Elements below which handing work to other threads costs more than it saves (some 0.5 ms). */
  private static final long WORTHWHILE = 1 << 18;

  private HostLoop() {}

  /** A run of parts; what it allocates serves all of them. */
  @FunctionalInterface
  public interface Run {
    /** Computes the parts {@code from} (inclusive) to {@code to} (exclusive). */
    void compute(int from, int to);
  }

  /**
   * Computes all parts.
   *
   * @param parts how many there are
   * @param elements roughly how many numbers are looked at in all
   */
  public static void overParts(int parts, long elements, Run run) {
    int runs = Math.min(parts, ForkJoinPool.getCommonPoolParallelism() + 1);
    if (runs < 2 || elements < WORTHWHILE) {
      run.compute(0, parts);
      return;
    }
    IntStream.range(0, runs)
        .parallel()
        .forEach(
            i ->
                run.compute(
                    (int) ((long) parts * i / runs), (int) ((long) parts * (i + 1) / runs)));
  }
}
