package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.spark.counters.JobCounter;
import dev.fovea.jobs.spark.counters.JobCounters;
import java.io.Serializable;

/** What preparing adds to Spark's metrics, chunk by chunk. For tasks. */
record PrepareCounters(JobCounter decoded, JobCounter rejected, JobCounter reencoded)
    implements Serializable {
  static PrepareCounters of(JobCounters counters) {
    return new PrepareCounters(
        counters.counter("prepare.pictures_decoded"),
        counters.counter("prepare.files_rejected"),
        counters.counter("prepare.pictures_reencoded"));
  }

  void count(ChunkReport report) {
    decoded.add(report.kept());
    rejected.add(report.rejected().size());
    reencoded.add(report.reencoded());
  }
}
