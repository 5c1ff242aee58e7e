package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.training.averaging.OuterMomentum;

/**
 * How many optimiser steps the next averaging round takes.
 *
 * <p>With several workers, or an outer momentum, a round is {@code workers * averagingFrequency}
 * steps, because its length decides the result. With one worker and plain averaging it does not, so
 * rounds are cut by time: long enough that a round's own cost (both networks travel to the worker
 * and back) is a small part of it, short enough to show progress, to lose little with an executor,
 * and to stop when the minutes are over.
 */
final class RoundLength {
  /** Seconds that a round of one worker lasts however little it costs. */
  private static final double SHORTEST = 20;

  /** Seconds that it lasts at most. */
  private static final double LONGEST = 120;

  /** The part of a round that its cost may be. */
  private static final double COST_SHARE = 0.02;

  /** The part of a task's time limit that a round may be. */
  private static final double LIMIT_SHARE = 0.25;

  /** Steps of one worker's first round, from which the speed is learnt. */
  private static final int FIRST = 2;

  /** Steps of every round; 0 where time decides. */
  private final long fixed;

  private final double taskLimit;
  private double secondsPerStep = Double.NaN;
  private double cost;

  /**
   * @param taskLimit seconds that a task may run; infinite without a limit
   */
  RoundLength(int workers, int averagingFrequency, OuterMomentum outer, double taskLimit) {
    this.taskLimit = taskLimit;
    boolean decides = workers > 1 || !outer.equals(OuterMomentum.OFF);
    this.fixed = decides ? (long) workers * averagingFrequency : 0;
  }

  /**
   * Learns from a round; the newest counts, because the first ones warm up.
   *
   * @param seconds the whole round
   * @param trained the part of them in which its longest worker trained
   */
  void observe(int steps, double seconds, double trained) {
    secondsPerStep = seconds / steps;
    cost = Math.max(0, seconds - trained);
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
      double target = Math.max(SHORTEST, Math.min(LONGEST, cost / COST_SHARE));
      wanted = (long) (Math.min(target, LIMIT_SHARE * taskLimit) / secondsPerStep);
    }
    if (!Double.isNaN(secondsPerStep) && !Double.isInfinite(secondsLeft)) {
      wanted = Math.min(wanted, (long) Math.ceil(secondsLeft / secondsPerStep));
    }
    return (int) Math.max(1, Math.min(wanted, Math.min(left, Integer.MAX_VALUE)));
  }
}
