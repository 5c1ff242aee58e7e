package dev.fovea.archive;

import dev.fovea.archive.Outcome.Rejected;
import dev.fovea.archive.Outcome.Skipped;
import dev.fovea.archive.Outcome.Upscaled;
import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts while tasks run, for Spark's pages and for progress. Spark tells the driver only of tasks
 * that have ended; where Spark is embedded, the driver sees the tasks' own counters.
 */
final class ArchiveCounters implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Map<String, Here> IN_THIS_PROCESS = new ConcurrentHashMap<>();

  private final String job = UUID.randomUUID().toString();
  private final LongAccumulator pictures;
  private final LongAccumulator upscaled;
  private final LongAccumulator skipped;
  private final LongAccumulator rejected;
  private final LongAccumulator pixels;

  ArchiveCounters(JavaSparkContext spark) {
    pictures = spark.sc().longAccumulator("pictures");
    upscaled = spark.sc().longAccumulator("pictures upscaled");
    skipped = spark.sc().longAccumulator("pictures skipped");
    rejected = spark.sc().longAccumulator("pictures rejected");
    pixels = spark.sc().longAccumulator("pixels upscaled");
  }

  private record Here(LongAdder pictures, LongAdder pixels) {}

  /** Called by tasks. */
  void count(Outcome outcome) {
    pictures.add(1);
    here().pictures.increment();
    if (outcome instanceof Upscaled done) {
      upscaled.add(1);
      long size = (long) done.input().width() * done.input().height();
      pixels.add(size);
      here().pixels.add(size);
    } else if (outcome instanceof Skipped) {
      skipped.add(1);
    } else if (outcome instanceof Rejected) {
      rejected.add(1);
    }
    ArchiveMetrics.ofThisProcess().count(outcome);
  }

  /** Called by the driver. */
  long pictures() {
    return Math.max(pictures.value(), here().pictures.sum());
  }

  /** Pixels of the pictures that have been upscaled; called by the driver. */
  long pixels() {
    return Math.max(pixels.value(), here().pixels.sum());
  }

  /** Called by the driver at the end. */
  void forget() {
    IN_THIS_PROCESS.remove(job);
  }

  private Here here() {
    return IN_THIS_PROCESS.computeIfAbsent(job, id -> new Here(new LongAdder(), new LongAdder()));
  }
}
