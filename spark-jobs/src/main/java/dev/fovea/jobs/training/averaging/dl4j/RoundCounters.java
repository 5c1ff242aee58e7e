package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.spark.counters.Durations;
import dev.fovea.jobs.spark.counters.JobCounter;
import dev.fovea.jobs.spark.counters.JobCounters;
import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.WorkerReport;

/** What training adds to Spark's metrics, round by round. For the driver. */
final class RoundCounters {
  private final JobCounter rounds;
  private final JobCounter steps;
  private final JobCounter pictures;
  private final JobCounter workerMilliseconds;
  private final JobCounter waitingMilliseconds;
  private final Durations roundDurations;

  RoundCounters(JobCounters counters) {
    rounds = counters.counter("train.rounds");
    steps = counters.counter("train.steps");
    pictures = counters.counter("train.pictures");
    workerMilliseconds = counters.counter("train.worker_milliseconds");
    waitingMilliseconds = counters.counter("train.waiting_milliseconds");
    roundDurations = counters.durations("train.round");
  }

  /** A round that began at the given {@link System#nanoTime()} and has just ended well. */
  void count(RoundResult<?> round, long beginNanos) {
    rounds.add(1);
    steps.add(round.steps());
    pictures.add(round.samples());
    for (WorkerReport worker : round.workers()) {
      workerMilliseconds.add(Math.round(1000 * worker.seconds()));
      waitingMilliseconds.add(Math.round(1000 * worker.secondsWaited()));
    }
    roundDurations.since(beginNanos);
  }
}
