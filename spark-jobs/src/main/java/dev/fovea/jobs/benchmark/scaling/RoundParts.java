package dev.fovea.jobs.benchmark.scaling;

import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.WorkerReport;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of a round went, in seconds, which add up to the round's. What workers do at the
 * same time counts once, by their mean; that the slowest takes longer is waiting.
 *
 * @param computing forward, backward and optimiser steps
 * @param broadcasting the round's start: offered by the driver, fetched, put into the network
 * @param aggregating results written to the shuffle, averaged by the executors, and taken over by
 *     the driver
 * @param waitingForData mini-batches that were not ready
 * @param waitingForOthers everything else: planning and launching tasks, and the slowest worker
 */
public record RoundParts(
    double computing,
    double broadcasting,
    double aggregating,
    double waitingForData,
    double waitingForOthers) {

  /**
   * Splits a round.
   *
   * @param beginMillis when it began, by the driver's clock
   * @param stages when its stages ran, by the same clock
   */
  static RoundParts of(RoundResult<?> round, long beginMillis, StageTimes.Round stages) {
    double working = mean(round, WorkerReport::seconds);
    double waited = mean(round, WorkerReport::secondsWaited);
    double receiving = mean(round, WorkerReport::secondsReceiving);
    double computing = working - waited - receiving;
    double broadcasting = round.secondsBroadcasting() + receiving;
    double written = Math.max(0, stages.trainingRunSeconds() - working);
    double afterTraining =
        Math.max(0, beginMillis / 1e3 + round.seconds() - stages.trainingEndMillis() / 1e3);
    double aggregating = written + afterTraining;
    double rest = round.seconds() - computing - broadcasting - aggregating - waited;
    return new RoundParts(computing, broadcasting, aggregating, waited, Math.max(0, rest));
  }

  private static double mean(RoundResult<?> round, ToDoubleFunction<WorkerReport> part) {
    return round.workers().stream().mapToDouble(part).average().orElseThrow();
  }

  /** The median of each part and of the whole; what is left of that is waiting for others. */
  static RoundParts median(List<RoundParts> rounds) {
    double computing = median(rounds, RoundParts::computing);
    double broadcasting = median(rounds, RoundParts::broadcasting);
    double aggregating = median(rounds, RoundParts::aggregating);
    double waitingForData = median(rounds, RoundParts::waitingForData);
    double rest =
        median(rounds, RoundParts::seconds)
            - computing
            - broadcasting
            - aggregating
            - waitingForData;
    return new RoundParts(computing, broadcasting, aggregating, waitingForData, Math.max(0, rest));
  }

  private static double median(List<RoundParts> rounds, ToDoubleFunction<RoundParts> part) {
    double[] sorted = rounds.stream().mapToDouble(part).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** The whole round. */
  public double seconds() {
    return computing + broadcasting + aggregating + waitingForData + waitingForOthers;
  }
}
