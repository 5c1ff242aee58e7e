package dev.fovea.jobs.runs.record;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Lets others see that a run is alive, by a thread of its own. A sign that cannot be written is
 * left out: the next one may succeed.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final Configuration configuration;
  private final Path runDir;
  private final Duration interval;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "fovea-heartbeat");
            made.setDaemon(true);
            return made;
          });

  private ScheduledFuture<?> beating;
  private RunState end = RunState.FAILED;
  private String message = "";

  private Heartbeat(Configuration configuration, Path runDir, Duration interval) {
    this.configuration = configuration;
    this.runDir = runDir;
    this.interval = interval;
  }

  /**
   * Gives the first sign, and goes on until it is closed.
   *
   * @throws IOException if the first one cannot be written
   */
  public static Heartbeat start(Configuration configuration, Path runDir) throws IOException {
    return start(configuration, runDir, INTERVAL);
  }

  static Heartbeat start(Configuration configuration, Path runDir, Duration interval)
      throws IOException {
    Heartbeat heartbeat = new Heartbeat(configuration, runDir, interval);
    heartbeat.write(RunState.RUNNING, "");
    heartbeat.beating =
        heartbeat.thread.scheduleWithFixedDelay(
            heartbeat::beat, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    return heartbeat;
  }

  /** Says how the run ends; it is taken for failed otherwise. */
  public void ended(RunState state, String why) {
    end = state;
    message = why;
  }

  /** Writes how the run has ended. */
  @Override
  public void close() {
    beating.cancel(false);
    thread.shutdown();
    try {
      thread.awaitTermination(1, TimeUnit.MINUTES);
      write(end, message);
    } catch (IOException e) {
      // It will be taken for interrupted.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() {
    try {
      write(RunState.RUNNING, "");
    } catch (IOException e) {
      // The next one may succeed.
    }
  }

  private void write(RunState state, String why) throws IOException {
    String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    new RunStatus(state, now, Math.max(1, interval.toSeconds()), why).write(configuration, runDir);
  }
}
