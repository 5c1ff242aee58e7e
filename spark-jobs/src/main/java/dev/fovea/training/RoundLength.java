package dev.fovea.training;

import dev.fovea.averaging.OuterMomentum;

/**
 * How many optimiser steps the next averaging round takes.
 *
 * <p>With several workers, or an outer momentum, a round is {@code workers * averagingFrequency}
 * steps, because its length decides the result. With one worker and plain averaging it does not, so
 * rounds are cut by time: short enough to show progress and to stop when the minutes are over.
 */
final class RoundLength {
  /** Seconds a round of one worker should last; its own cost is well under one. */
  private static final double TARGET_SECONDS = 20;

  /** Steps of one worker's first round, from which the speed is learnt. */
  private static final int FIRST = 2;

  /** Steps of every round; 0 where time decides. */
  private final long fixed;

  private double secondsPerStep = Double.NaN;

  RoundLength(int workers, int averagingFrequency, OuterMomentum outer) {
    boolean decides = workers > 1 || !outer.equals(OuterMomentum.OFF);
    this.fixed = decides ? (long) workers * averagingFrequency : 0;
  }

  /** Learns from a round; the newest counts, because the first ones warm up. */
  void observe(int steps, double seconds) {
    secondsPerStep = seconds / steps;
  }

  /** What a step took in the newest round, on all workers together; 0 before the first. */
  double secondsPerStep() {
    return Double.isNaN(secondsPerStep) ? 0 : secondsPerStep;
  }

  /**
   * Steps of the next round, 1 or more.
   *
   * @param left steps left in the epoch and in the run, 1 or more
   * @param secondsLeft until the run has to end; infinite without a limit
   */
  int next(long left, double secondsLeft) {
    long wanted;
    if (fixed > 0) {
      wanted = fixed;
    } else if (Double.isNaN(secondsPerStep)) {
      wanted = FIRST;
    } else {
      wanted = (long) (TARGET_SECONDS / secondsPerStep);
    }
    if (!Double.isNaN(secondsPerStep) && !Double.isInfinite(secondsLeft)) {
      wanted = Math.min(wanted, (long) Math.ceil(secondsLeft / secondsPerStep));
    }
    return (int) Math.max(1, Math.min(wanted, Math.min(left, Integer.MAX_VALUE)));
  }
}
