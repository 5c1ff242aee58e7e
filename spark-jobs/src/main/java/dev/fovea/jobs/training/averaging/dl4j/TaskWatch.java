package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.WorkerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.collection.JavaConverters;

/**
 * Kills tasks of a round that run longer than a limit, so that they are tried again: what hangs on
 * a broken disk or device would be waited for for ever. Where too many were killed in one round the
 * round fails, since Spark does not count killed tasks as failed ones.
 *
 * <p>The limit is {@value #MULTIPLE} times what the round's longest share would take the slowest
 * worker of the round before, and never below {@value #LIMIT}. Before the first round has shown
 * what a step takes, that is assumed to be a small part of the setting. Jobs of others, such as
 * evaluations, are left alone.
 */
final class TaskWatch implements AutoCloseable {
  /** Spark setting: how long a task of a round may run at least; 0 for any time. */
  static final String LIMIT = "spark.fovea.task.timeout";

  /** How many times longer than usual a task may run. */
  static final int MULTIPLE = 10;

  /** What a step takes as long as nobody knows: 30 seconds where the setting is an hour. */
  private static final double ASSUMED_SHARE = 1 / 120.0;

  private static final String DEFAULT_LIMIT = "60min";

  /** A local property, so that jobs of a round are known by it. */
  private static final String WATCHED = "fovea.watched";

  private final SparkContext spark;
  private final long leastSeconds;
  private final int mostKills;
  private final String name = UUID.randomUUID().toString();
  private final Map<Integer, List<Integer>> stagesOfJobs = new ConcurrentHashMap<>();
  private final Set<Integer> stages = ConcurrentHashMap.newKeySet();
  private final Map<Long, Long> startedNanos = new ConcurrentHashMap<>();
  private final AtomicInteger kills = new AtomicInteger();
  private final ScheduledExecutorService clock;
  private double secondsPerStep = Double.NaN;
  private volatile double limitSeconds = Double.POSITIVE_INFINITY;
  private ScheduledFuture<?> looks;
  private final SparkListener listener =
      new SparkListener() {
        @Override
        @SuppressWarnings("deprecation") // Scala 2.12 has no other.
        public void onJobStart(SparkListenerJobStart start) {
          if (name.equals(start.properties().getProperty(WATCHED))) {
            List<Integer> ofJob = new ArrayList<>();
            JavaConverters.seqAsJavaList(start.stageInfos())
                .forEach(stage -> ofJob.add(stage.stageId()));
            stagesOfJobs.put(start.jobId(), ofJob);
            stages.addAll(ofJob);
          }
        }

        @Override
        public void onJobEnd(SparkListenerJobEnd end) {
          List<Integer> ofJob = stagesOfJobs.remove(end.jobId());
          if (ofJob != null) {
            stages.removeAll(ofJob);
          }
        }

        @Override
        public void onTaskStart(SparkListenerTaskStart start) {
          if (stages.contains(start.stageId())) {
            startedNanos.put(start.taskInfo().taskId(), System.nanoTime());
          }
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
          startedNanos.remove(end.taskInfo().taskId());
        }
      };

  /** Watches the rounds of a run until it is closed. */
  TaskWatch(SparkContext spark) {
    this.spark = spark;
    this.leastSeconds = spark.getConf().getTimeAsSeconds(LIMIT, DEFAULT_LIMIT);
    this.mostKills = spark.getConf().getInt("spark.task.maxFailures", 4);
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "fovea-task-watch");
              thread.setDaemon(true);
              return thread;
            });
    spark.addSparkListener(listener);
    if (leastSeconds > 0) {
      long period = Math.max(100, leastSeconds * 1000 / 20);
      looks = clock.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
    }
  }

  /** How long a task may run at least; infinite without a limit. */
  double leastSeconds() {
    return leastSeconds > 0 ? leastSeconds : Double.POSITIVE_INFINITY;
  }

  /** How long a task of the round that has begun may run; infinite without a limit. */
  double limitSeconds() {
    return limitSeconds;
  }

  /** Begins to count kills anew; jobs that this thread starts from now on are watched. */
  void beginRound(int longestShare) {
    kills.set(0);
    double step = Double.isNaN(secondsPerStep) ? leastSeconds * ASSUMED_SHARE : secondsPerStep;
    limitSeconds = Math.max(leastSeconds(), MULTIPLE * step * longestShare);
    spark.setLocalProperty(WATCHED, name);
  }

  /** Jobs that this thread starts from now on are not watched. */
  void endRound() {
    spark.setLocalProperty(WATCHED, null);
  }

  /** Whether a stage belongs to a round. */
  boolean isOfARound(int stage) {
    return stages.contains(stage);
  }

  /** Learns from a round how long a step takes; its slowest worker counts. */
  void observe(List<WorkerReport> workers) {
    secondsPerStep =
        workers.stream()
            .mapToDouble(worker -> worker.seconds() / worker.steps())
            .max()
            .orElse(secondsPerStep);
  }

  /** Whether the round was given up because its tasks hung. */
  boolean gaveUp() {
    return kills.get() >= mostKills;
  }

  String limit() {
    return "%s tasks ran longer than %s s and were killed (%s times what was measured, and %s=%ss at least)"
        .formatted(kills.get(), Math.round(limitSeconds), MULTIPLE, LIMIT, leastSeconds);
  }

  private void look() {
    long now = System.nanoTime();
    startedNanos.forEach(
        (task, started) -> {
          if ((now - started) / 1e9 > limitSeconds && startedNanos.remove(task, started)) {
            if (kills.incrementAndGet() < mostKills) {
              spark.killTaskAttempt(
                  task, true, "ran longer than %s s".formatted(Math.round(limitSeconds)));
            } else {
              stagesOfJobs.keySet().forEach(job -> spark.cancelJob(job, limit()));
            }
          }
        });
  }

  @Override
  public void close() {
    if (looks != null) {
      looks.cancel(false);
    }
    clock.shutdownNow();
    spark.removeSparkListener(listener);
  }
}
