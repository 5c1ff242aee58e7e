package dev.fovea.jobs.benchmark.scaling;

/**
 * What was measured of a network on a number of executors; times and bytes are those of the median
 * round.
 *
 * @param network its shape
 * @param use what the row is for
 * @param executors as many workers as these
 * @param coresEach of an executor
 * @param stepsEach optimiser steps of each worker in a round
 * @param bytes of all vectors that are averaged
 * @param parts of a round
 * @param spread standard deviation of the workers' computing time, as a share of its mean
 * @param picturesPerSecond of all executors
 * @param efficiency the share of executors times what one makes; NaN where one was not measured
 * @param driverSentBytes by the driver in a round, to files as well; -1 where nobody counts
 * @param driverReceivedBytes likewise
 * @param cores whether every executor had its own
 */
public record ScalingRow(
    String network,
    Use use,
    int executors,
    int coresEach,
    int stepsEach,
    long bytes,
    RoundParts parts,
    double spread,
    double picturesPerSecond,
    double efficiency,
    long driverSentBytes,
    long driverReceivedBytes,
    Cores cores) {
  /** What a network is measured for. */
  public enum Use {
    /** Training as it is. */
    TRAINING,
    /** What more bytes cost. */
    BYTES
  }

  /** Whether there are as many cores as executors use. */
  public enum Cores {
    OWN,
    /**
     * Times are those of more work than the machine can do at once, and no model is made of them.
     */
    SHARED
  }

  ScalingRow withEfficiency(double share) {
    return new ScalingRow(
        network,
        use,
        executors,
        coresEach,
        stepsEach,
        bytes,
        parts,
        spread,
        picturesPerSecond,
        share,
        driverSentBytes,
        driverReceivedBytes,
        cores);
  }
}
