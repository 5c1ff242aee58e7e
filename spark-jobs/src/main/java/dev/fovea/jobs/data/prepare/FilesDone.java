package dev.fovea.jobs.data.prepare;

import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts files while tasks run. Spark tells the driver only of tasks that have ended; where Spark
 * is embedded, the driver sees the tasks' own counter.
 */
final class FilesDone implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Map<String, LongAdder> IN_THIS_PROCESS = new ConcurrentHashMap<>();

  private final String job = UUID.randomUUID().toString();
  private final LongAccumulator ended;

  FilesDone(JavaSparkContext spark) {
    ended = spark.sc().longAccumulator("files");
  }

  /** Called by tasks. */
  void countOne() {
    ended.add(1);
    IN_THIS_PROCESS.computeIfAbsent(job, id -> new LongAdder()).increment();
  }

  /** Called by the driver. */
  long sum() {
    LongAdder here = IN_THIS_PROCESS.get(job);
    return Math.max(ended.value(), here == null ? 0 : here.sum());
  }

  /** Called by the driver at the end. */
  void forget() {
    IN_THIS_PROCESS.remove(job);
  }
}
