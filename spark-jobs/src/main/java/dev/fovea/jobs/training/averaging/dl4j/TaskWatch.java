package dev.fovea.jobs.training.averaging.dl4j;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Kills tasks of a round that run longer than a limit, so that they are tried again: what hangs on
 * a broken disk or device would be waited for for ever. Where too many were killed in one round the
 * round fails, since Spark does not count killed tasks as failed ones.
 */
final class TaskWatch implements AutoCloseable {
  /** Spark setting: how long a task of a round may run; 0 for any time. */
  static final String LIMIT = "spark.fovea.task.timeout";

  private static final String DEFAULT_LIMIT = "60min";

  private final SparkContext spark;
  private final long limitSeconds;
  private final int mostKills;
  private final Map<Long, Long> startedNanos = new ConcurrentHashMap<>();
  private final AtomicInteger kills = new AtomicInteger();
  private final ScheduledExecutorService clock;
  private ScheduledFuture<?> looks;
  private final SparkListener listener =
      new SparkListener() {
        @Override
        public void onTaskStart(SparkListenerTaskStart start) {
          startedNanos.put(start.taskInfo().taskId(), System.nanoTime());
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
          startedNanos.remove(end.taskInfo().taskId());
        }
      };

  /** Watches all tasks of a context until it is closed. */
  TaskWatch(SparkContext spark) {
    this.spark = spark;
    this.limitSeconds = spark.getConf().getTimeAsSeconds(LIMIT, DEFAULT_LIMIT);
    this.mostKills = spark.getConf().getInt("spark.task.maxFailures", 4);
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "fovea-task-watch");
              thread.setDaemon(true);
              return thread;
            });
    spark.addSparkListener(listener);
    if (limitSeconds > 0) {
      long period = Math.max(100, limitSeconds * 1000 / 20);
      looks = clock.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
    }
  }

  /** How long a task may run; infinite without a limit. */
  double limitSeconds() {
    return limitSeconds > 0 ? limitSeconds : Double.POSITIVE_INFINITY;
  }

  /** Begins to count kills anew. */
  void beginRound() {
    kills.set(0);
  }

  /** Whether the round was given up because its tasks hung. */
  boolean gaveUp() {
    return kills.get() >= mostKills;
  }

  String limit() {
    return "%s tasks ran longer than %s=%ss and were killed"
        .formatted(kills.get(), LIMIT, limitSeconds);
  }

  private void look() {
    long now = System.nanoTime();
    startedNanos.forEach(
        (task, started) -> {
          if (now - started > TimeUnit.SECONDS.toNanos(limitSeconds)
              && startedNanos.remove(task, started)) {
            if (kills.incrementAndGet() < mostKills) {
              spark.killTaskAttempt(task, true, "ran longer than " + limitSeconds + " s");
            } else {
              spark.cancelAllJobs();
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
