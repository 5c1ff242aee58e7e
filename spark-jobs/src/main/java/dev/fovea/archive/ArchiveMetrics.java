package dev.fovea.archive;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.fovea.archive.Outcome.Rejected;
import dev.fovea.archive.Outcome.Skipped;
import dev.fovea.archive.Outcome.Upscaled;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;

/** What this process has done, in Spark's metrics system under {@code fovea.upscale}. */
final class ArchiveMetrics implements Source {
  private static final ArchiveMetrics HERE = new ArchiveMetrics();

  private final MetricRegistry registry = new MetricRegistry();
  private final Counter upscaled = registry.counter("picturesUpscaled");
  private final Counter skipped = registry.counter("picturesSkipped");
  private final Counter rejected = registry.counter("picturesRejected");
  private final Counter pixels = registry.counter("pixelsUpscaled");
  private final Counter halvings = registry.counter("memoryHalvings");
  private final Counter busy = registry.counter("deviceBusyMilliseconds");
  private SparkEnv registered;

  private ArchiveMetrics() {}

  static ArchiveMetrics ofThisProcess() {
    return HERE;
  }

  /** Makes Spark's metrics system know them; again for each Spark that this process sees. */
  synchronized void register() {
    SparkEnv current = SparkEnv.get();
    if (current != null && current != registered) {
      current.metricsSystem().registerSource(this);
      registered = current;
    }
  }

  void count(Outcome outcome) {
    if (outcome instanceof Upscaled done) {
      upscaled.inc();
      pixels.inc((long) done.input().width() * done.input().height());
      halvings.inc(done.halvings());
    } else if (outcome instanceof Skipped) {
      skipped.inc();
    } else if (outcome instanceof Rejected) {
      rejected.inc();
    }
  }

  void deviceBusy(long nanos) {
    busy.inc(nanos / 1_000_000);
  }

  @Override
  public String sourceName() {
    return "fovea.upscale";
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }
}
