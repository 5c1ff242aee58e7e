package dev.fovea.jobs.spark.session;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;

/**
 * What a process keeps open between the tasks of a job, such as a network on its device. A task
 * takes one, uses it alone and gives it back, unless it failed. The end of the job closes what is
 * idle on all executors ({@link #closeEverywhere}); what that does not reach closes by itself when
 * nobody has taken it for a while. Thread-safe.
 *
 * @param <T> what is kept
 */
public final class KeptOpen<T> {
  /** Spark setting: after how long what nobody takes is closed. */
  public static final String LIMIT = "spark.fovea.idle.timeout";

  private static final String DEFAULT_LIMIT = "10min";
  private static final long PATIENCE_SECONDS = 10;

  /** Those of this process. */
  private static final List<KeptOpen<?>> ALL = new CopyOnWriteArrayList<>();

  private static final ScheduledThreadPoolExecutor CLOCK =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "fovea-kept-open");
            thread.setDaemon(true);
            return thread;
          });

  private final Consumer<? super T> close;
  private final Supplier<Duration> limit;
  private final Deque<Idle<T>> idle = new ArrayDeque<>();

  /** The next look at what is idle, if there is to be one. */
  private ScheduledFuture<?> look;

  private record Idle<T>(String job, String kind, T thing, long sinceNanos) {}

  /**
   * @param close closes one, in any thread
   */
  public KeptOpen(Consumer<? super T> close) {
    this(close, KeptOpen::limit);
  }

  KeptOpen(Consumer<? super T> close, Supplier<Duration> limit) {
    this.close = close;
    this.limit = limit;
    ALL.add(this);
  }

  private static Duration limit() {
    SparkEnv spark = SparkEnv.get();
    return Duration.ofSeconds(
        spark == null ? 600 : spark.conf().getTimeAsSeconds(LIMIT, DEFAULT_LIMIT));
  }

  /** The one of a job and a kind that was given back last, if there is any. */
  public synchronized Optional<T> take(String job, String kind) {
    for (Iterator<Idle<T>> all = idle.iterator(); all.hasNext(); ) {
      Idle<T> one = all.next();
      if (one.job.equals(job) && one.kind.equals(kind)) {
        all.remove();
        return Optional.of(one.thing);
      }
    }
    return Optional.empty();
  }

  /** Keeps one for the next task. */
  public synchronized void giveBack(String job, String kind, T thing) {
    idle.push(new Idle<>(job, kind, thing, System.nanoTime()));
    watch(limit.get());
  }

  /** Closes what is idle of a job. */
  public void close(String job) {
    closeIf(one -> one.job.equals(job));
  }

  /** Closes what is idle of all jobs but one. */
  public void closeOthers(String job) {
    closeIf(one -> !one.job.equals(job));
  }

  private void closeIf(Predicate<Idle<T>> condition) {
    List<Idle<T>> closing = new ArrayList<>();
    synchronized (this) {
      idle.removeIf(one -> condition.test(one) && closing.add(one));
    }
    closing.forEach(one -> close.accept(one.thing));
  }

  /** Looks again when what is idle now may have been so for too long. */
  private synchronized void watch(Duration after) {
    if (look == null && !idle.isEmpty()) {
      look = CLOCK.schedule(this::expire, after.toMillis() + 1, TimeUnit.MILLISECONDS);
    }
  }

  private void expire() {
    long nanos = limit.get().toNanos();
    long now = System.nanoTime();
    try {
      closeIf(one -> now - one.sinceNanos >= nanos);
    } finally {
      synchronized (this) {
        look = null;
        watch(limit.get());
      }
    }
  }

  /**
   * Closes what is idle of a job in this process and, as far as they answer soon, on all executors.
   * Never throws because of an executor.
   */
  public static void closeEverywhere(JavaSparkContext spark, String job) {
    closeHere(job);
    if (spark.isLocal() || spark.sc().isStopped()) {
      return;
    }
    try {
      // The driver is among those there. As many tasks as can run at once reach each executor.
      int executors = spark.sc().getExecutorMemoryStatus().size() - 1;
      int slots = spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1);
      int tasks = executors == 0 ? 0 : Math.max(executors, slots);
      if (tasks > 0) {
        await(
            spark
                .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
                .foreachAsync(new Closing(job)));
      }
    } catch (IllegalStateException e) {
      // The context was stopped in this moment, and with it the executors.
    }
  }

  private static void await(JavaFutureAction<Void> closing) {
    try {
      closing.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      closing.cancel(true);
    } catch (InterruptedException e) {
      closing.cancel(true);
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // Scala throws checked exceptions undeclared.
      if (!(e instanceof SparkException)) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void closeHere(String job) {
    ALL.forEach(kept -> kept.close(job));
  }

  /** On an executor. */
  private record Closing(String job) implements VoidFunction<Integer>, Serializable {
    @Override
    public void call(Integer task) {
      closeHere(job);
    }
  }
}
