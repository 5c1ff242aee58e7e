package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.Incident;
import dev.fovea.jobs.training.averaging.WorkerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Executors that were lost, tasks that were tried again and workers that kept others waiting. */
final class Incidents implements AutoCloseable {
  /** How many times longer than the middle one a worker's step takes before it is worth telling. */
  private static final double STRAGGLING = 2;

  /** Seconds by which it has to be longer: what is short varies. */
  private static final double WORTH_TELLING = 5;

  private final SparkContext spark;
  private final Queue<Incident> pending = new ConcurrentLinkedQueue<>();
  private final SparkListener listener;

  /**
   * @param watched tells the stages of rounds from those of others
   */
  Incidents(SparkContext spark, IntPredicate watched) {
    this.spark = spark;
    this.listener =
        new SparkListener() {
          @Override
          public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
            pending.add(lost(removed.executorId(), removed.reason()));
          }

          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            if (watched.test(end.stageId())
                && !end.taskInfo().successful()
                && !isSecondOfTwo(end.reason())) {
              pending.add(
                  again(end.taskInfo().index(), end.taskInfo().executorId(), why(end.reason())));
            }
          }
        };
    spark.addSparkListener(listener);
  }

  /** Of two attempts at once, the one that came second. */
  private static boolean isSecondOfTwo(TaskEndReason reason) {
    return reason instanceof TaskKilled killed && killed.reason().contains("another attempt");
  }

  private static String why(TaskEndReason reason) {
    return reason instanceof TaskFailedReason failed ? failed.toErrorString() : reason.toString();
  }

  static Incident lost(String executor, String reason) {
    return new Incident(
        "train/executor_lost",
        "executor %s is gone (%s); others do its part".formatted(executor, firstLine(reason)));
  }

  static Incident again(int part, String executor, String reason) {
    return new Incident(
        "train/task_retried",
        "part %d of the round failed on executor %s (%s) and is tried again"
            .formatted(part, executor, firstLine(reason)));
  }

  /** The worker that took far longer for its steps than the middle one of all, if one did. */
  static Optional<Incident> straggler(List<WorkerReport> workers) {
    List<WorkerReport> bySpeed = new ArrayList<>(workers);
    bySpeed.sort((a, b) -> Double.compare(secondsPerStep(a), secondsPerStep(b)));
    WorkerReport middle = bySpeed.get((bySpeed.size() - 1) / 2);
    WorkerReport slowest = bySpeed.get(bySpeed.size() - 1);
    double usual = secondsPerStep(middle) * slowest.steps();
    if (slowest.seconds() < STRAGGLING * usual || slowest.seconds() < usual + WORTH_TELLING) {
      return Optional.empty();
    }
    return Optional.of(
        new Incident(
            "train/straggler",
            String.format(
                Locale.ROOT,
                "worker %d kept the round waiting: %.1f s for what others do in %.1f s",
                slowest.worker(),
                slowest.seconds(),
                usual)));
  }

  private static double secondsPerStep(WorkerReport worker) {
    return worker.seconds() / worker.steps();
  }

  private static String firstLine(String reason) {
    return reason.lines().findFirst().orElse("").strip();
  }

  void observe(List<WorkerReport> workers) {
    straggler(workers).ifPresent(pending::add);
  }

  /** Those that were not asked for yet. Spark tells of some a moment later. */
  List<Incident> drain() {
    List<Incident> drained = new ArrayList<>();
    for (Incident one = pending.poll(); one != null; one = pending.poll()) {
      drained.add(one);
    }
    return drained;
  }

  @Override
  public void close() {
    spark.removeSparkListener(listener);
  }
}
