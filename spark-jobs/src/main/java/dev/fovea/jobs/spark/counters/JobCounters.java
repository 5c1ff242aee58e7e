package dev.fovea.jobs.spark.counters;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.metrics.source.Source;

/**
 * Our counters and timings in Spark's metrics system, as the source {@code fovea} of the driver:
 * what the tasks count is summed up there, because executors have no page of their own to be asked.
 * Every sink of Spark's shows them: Prometheus, JMX, Graphite, CSV.
 *
 * <p>A Spark context has one set of counters, so that jobs which run one after another in it, or
 * one inside another, go on counting. Safe for use by several threads.
 */
public final class JobCounters {
  /** What the metrics' names have in front, after Spark's namespace and {@code driver}. */
  public static final String SOURCE = "fovea";

  private static final Pattern NAME = Pattern.compile("[a-z]+(\\.[a-z][a-z_]*)+");
  private static final Map<SparkContext, JobCounters> OPEN =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Weak, because the map below lets go of what belongs to a context that nobody holds. */
  private final WeakReference<SparkContext> spark;

  private final MetricRegistry registry = new MetricRegistry();
  private final Map<String, JobCounter> byName = new HashMap<>();
  private final Map<String, Durations> durationsByName = new HashMap<>();

  private JobCounters(SparkContext spark) {
    this.spark = new WeakReference<>(spark);
    spark.env().metricsSystem().registerSource(new Registered(registry));
  }

  private record Registered(MetricRegistry metricRegistry) implements Source {
    @Override
    public String sourceName() {
      return SOURCE;
    }
  }

  /** The counters of a Spark context, registered when they are first asked for. */
  public static JobCounters of(JavaSparkContext spark) {
    return OPEN.computeIfAbsent(spark.sc(), JobCounters::new);
  }

  /**
   * The counter of that name, to be given to tasks or used by the driver.
   *
   * @param name the job's name, a dot, and what is counted, in the plural: {@code prepare.files}
   * @throws IllegalArgumentException if it is no such name
   */
  public synchronized JobCounter counter(String name) {
    requireName(name);
    return byName.computeIfAbsent(
        name,
        key -> {
          JobCounter made =
              new JobCounter(
                  Objects.requireNonNull(spark.get()).longAccumulator(SOURCE + "." + key));
          registry.register(
              key,
              new Counter() {
                @Override
                public long getCount() {
                  return made.value();
                }
              });
          return made;
        });
  }

  /**
   * The durations of that name, taken down by the driver.
   *
   * @param name the job's name, a dot, and what is timed: {@code train.round}; the metric is called
   *     {@code train.round_milliseconds}
   * @throws IllegalArgumentException if it is no such name
   */
  public synchronized Durations durations(String name) {
    requireName(name);
    return durationsByName.computeIfAbsent(
        name,
        key -> {
          Durations made = new Durations();
          registry.register(key + "_milliseconds", made.histogram());
          return made;
        });
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no name of a metric; lower case such as prepare.files_rejected is needed"
              .formatted(name));
    }
  }
}
