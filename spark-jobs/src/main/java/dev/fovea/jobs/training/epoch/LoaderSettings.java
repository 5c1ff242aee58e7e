package dev.fovea.jobs.training.epoch;

import java.io.Serializable;

/**
 * How a task loads its pictures.
 *
 * @param threads threads that read, decode and augment, 1 or more
 * @param batchesAhead mini-batches that are made or in the making while the device works on one, 1
 *     or more; more of them cost memory and smooth out slow pictures
 * @param cachedGroups row groups of shards kept in memory per task, of at most 8 MiB each; a window
 *     of the epoch's plan has to fit in, or they are read again and again
 */
public record LoaderSettings(int threads, int batchesAhead, int cachedGroups)
    implements Serializable {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public LoaderSettings {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "number of dataset processes %d is not 1 or more".formatted(threads));
    }
    if (batchesAhead < 1) {
      throw new IllegalArgumentException(
          "%d mini-batches ahead are not 1 or more".formatted(batchesAhead));
    }
    if (cachedGroups < 1) {
      throw new IllegalArgumentException(
          "%d cached row groups are not 1 or more".formatted(cachedGroups));
    }
  }

  /** Four mini-batches ahead and as many row groups as the largest window has, and one. */
  public static LoaderSettings of(int threads) {
    return new LoaderSettings(threads, 4, EpochPlan.LARGEST_WINDOW + 1);
  }
}
