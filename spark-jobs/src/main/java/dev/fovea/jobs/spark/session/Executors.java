package dev.fovea.jobs.spark.session;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.JavaConverters;

/** How many executors there are, where the cluster and not the application says; what they say. */
public final class Executors {
  private static final Duration MOST = Duration.ofMinutes(3);
  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 100;
  private static final int QUESTIONS_AT_ONCE = 64;

  private Executors() {}

  /** Those that are there now; 0 in local mode, where the driver does the work. */
  public static int registered(JavaSparkContext spark) {
    // The driver is among them.
    return spark.sc().getExecutorMemoryStatus().size() - 1;
  }

  /**
   * Those that are there once none has come for some seconds, or for as long as the first one took:
   * they start together, and the first would otherwise be taken for all. At once in local mode; 0
   * after three minutes in which none came.
   */
  public static int settled(JavaSparkContext spark) {
    if (spark.isLocal()) {
      return registered(spark);
    }
    long start = System.nanoTime();
    long lastChange = start;
    Duration quiet = QUIET;
    int there = registered(spark);
    while (there == 0 ? since(start).compareTo(MOST) < 0 : since(lastChange).compareTo(quiet) < 0) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return there;
      }
      int now = registered(spark);
      if (now != there) {
        if (there == 0 && since(start).compareTo(quiet) > 0) {
          quiet = since(start);
        }
        there = now;
        lastChange = System.nanoTime();
      }
    }
    return there;
  }

  /** Cores of an executor, where they differ the fewest that one has; 1 where none is there. */
  static int cores(JavaSparkContext spark) {
    return executors(spark).mapToInt(ExecutorSummary::totalCores).min().orElse(1);
  }

  /**
   * How many tasks run at once in one process, where that differs the most that do; the driver's in
   * local mode.
   */
  public static int tasksAtOnce(JavaSparkContext spark) {
    return Math.max(1, executors(spark).mapToInt(ExecutorSummary::maxTasks).max().orElse(1));
  }

  /** Those that take tasks. */
  @SuppressWarnings("deprecation") // Scala 2.12 has no other.
  private static Stream<ExecutorSummary> executors(JavaSparkContext spark) {
    return JavaConverters.seqAsJavaList(spark.sc().statusStore().executorList(true)).stream()
        .filter(executor -> executor.totalCores() > 0);
  }

  /**
   * The answers to a question that is asked once for each worker, 64 times at most. Spark may ask
   * one executor several times and another one not at all.
   *
   * @param question gets the number of the worker
   */
  public static <T> List<T> ask(
      JavaSparkContext spark, int workers, Function<Integer, T> question) {
    List<Integer> numbers =
        IntStream.range(0, Math.min(workers, QUESTIONS_AT_ONCE)).boxed().toList();
    return spark.parallelize(numbers, numbers.size()).map(question).collect();
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
