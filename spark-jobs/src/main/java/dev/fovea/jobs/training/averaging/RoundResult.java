package dev.fovea.jobs.training.averaging;

import java.util.List;

/**
 * What a round showed.
 *
 * @param <F> the figures of an optimiser step
 * @param figures those of every step, in the order of the steps
 * @param workers one report per worker that took part
 * @param seconds the whole round, with broadcast and averaging
 * @param secondsBroadcasting the part of them in which the driver offered the round's start
 */
public record RoundResult<F>(
    List<F> figures, List<WorkerReport> workers, double seconds, double secondsBroadcasting) {
  public RoundResult {
    figures = List.copyOf(figures);
    workers = List.copyOf(workers);
  }

  /** Optimiser steps of all workers. */
  public int steps() {
    return figures.size();
  }

  /** Samples of all workers. */
  public long samples() {
    return workers.stream().mapToLong(WorkerReport::samples).sum();
  }

  /** Samples a second, the round's own cost included. */
  public double throughput() {
    return samples() / seconds;
  }
}
