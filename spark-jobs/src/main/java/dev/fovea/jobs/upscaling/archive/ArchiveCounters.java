package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.counters.JobCounter;
import dev.fovea.jobs.spark.counters.JobCounters;
import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import dev.fovea.jobs.upscaling.archive.Outcome.Skipped;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Counts while tasks run, for Spark's pages and metrics and for progress. Spark tells the driver
 * only of tasks that have ended; where Spark is embedded, the driver sees the tasks' own counts.
 */
final class ArchiveCounters implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Map<String, Here> IN_THIS_PROCESS = new ConcurrentHashMap<>();

  private final String job = UUID.randomUUID().toString();
  private final JobCounter pictures;
  private final JobCounter upscaled;
  private final JobCounter skipped;
  private final JobCounter rejected;
  private final JobCounter pixels;
  private final JobCounter halvings;
  private final JobCounter deviceMilliseconds;

  /** What had been counted when the job began, by earlier ones of the same Spark context. */
  private final long picturesBefore;

  private final long pixelsBefore;

  /**
   * @param unlisted inputs that no task sees, because they are rejected already
   */
  ArchiveCounters(JavaSparkContext spark, int unlisted) {
    JobCounters all = JobCounters.of(spark);
    pictures = all.counter("upscale.pictures");
    upscaled = all.counter("upscale.pictures_upscaled");
    skipped = all.counter("upscale.pictures_skipped");
    rejected = all.counter("upscale.pictures_rejected");
    pixels = all.counter("upscale.pixels");
    halvings = all.counter("upscale.memory_halvings");
    deviceMilliseconds = all.counter("upscale.device_milliseconds");
    pictures.add(unlisted);
    rejected.add(unlisted);
    picturesBefore = pictures.value();
    pixelsBefore = pixels.value();
  }

  private record Here(LongAdder pictures, LongAdder pixels) {}

  /** Called by tasks. */
  void count(Outcome outcome) {
    pictures.add(1);
    here().pictures.increment();
    if (outcome instanceof Upscaled done) {
      upscaled.add(1);
      halvings.add(done.halvings());
      long size = (long) done.input().width() * done.input().height();
      pixels.add(size);
      here().pixels.add(size);
    } else if (outcome instanceof Skipped) {
      skipped.add(1);
    } else if (outcome instanceof Rejected) {
      rejected.add(1);
    }
  }

  /** Called by tasks: how long their devices computed. */
  void deviceBusy(long nanos) {
    deviceMilliseconds.add(nanos / 1_000_000);
  }

  /** Pictures that tasks are done with; called by the driver. */
  long pictures() {
    return Math.max(pictures.value() - picturesBefore, here().pictures.sum());
  }

  /** Pixels of the pictures that have been upscaled; called by the driver. */
  long pixels() {
    return Math.max(pixels.value() - pixelsBefore, here().pixels.sum());
  }

  /** Called by the driver at the end. */
  void forget() {
    IN_THIS_PROCESS.remove(job);
  }

  private Here here() {
    return IN_THIS_PROCESS.computeIfAbsent(job, id -> new Here(new LongAdder(), new LongAdder()));
  }
}
