package dev.fovea.jobs.evaluation.training;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The crops that this process has decoded, for the next evaluation of the same job. What does not
 * fit is decoded again.
 */
final class CropCache {
  private static final long LARGEST = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

  private static final Map<Integer, Optional<TrainingCrop>> CROPS = new HashMap<>();
  private static String owner = "";
  private static long bytes;

  private CropCache() {}

  /** Makes a crop. */
  interface Source {
    Optional<TrainingCrop> make() throws IOException;
  }

  /** The crop of a row; another job's crops are forgotten. */
  static Optional<TrainingCrop> crop(String job, int row, Source source) throws IOException {
    synchronized (CROPS) {
      if (!owner.equals(job)) {
        clear(owner);
        owner = job;
      }
      Optional<TrainingCrop> kept = CROPS.get(row);
      if (kept != null) {
        return kept;
      }
    }
    Optional<TrainingCrop> made = source.make();
    long size = made.map(TrainingCrop::bytes).orElse(0);
    synchronized (CROPS) {
      if (owner.equals(job) && bytes + size <= LARGEST && CROPS.putIfAbsent(row, made) == null) {
        bytes += size;
      }
    }
    return made;
  }

  /** Forgets the crops of a job. */
  static void clear(String job) {
    synchronized (CROPS) {
      if (owner.equals(job)) {
        CROPS.clear();
        bytes = 0;
        owner = "";
      }
    }
  }
}
