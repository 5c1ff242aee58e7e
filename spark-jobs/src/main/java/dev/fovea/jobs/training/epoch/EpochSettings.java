package dev.fovea.jobs.training.epoch;

/**
 * How pictures become mini-batches and optimiser steps.
 *
 * @param seed of every random choice; 0 is a seed
 * @param batchSize samples of the mini-batches that {@code sharing} workers take at once, 1 or
 *     more; the last ones of an epoch may be smaller
 * @param accumulation mini-batches of an optimiser step, 1 or more; the last step of an epoch may
 *     have fewer
 * @param weight how often a picture is used
 * @param sharing how many workers share these samples, so that mini-batches differ by one sample at
 *     most; 1 where each takes as many; {@link #ALL_WORKERS} as long as their number is not known
 */
public record EpochSettings(
    long seed, int batchSize, int accumulation, PictureWeight weight, int sharing) {
  /** All workers share them, however many there are; {@link #among} says how many. */
  public static final int ALL_WORKERS = 0;

  /** Every worker takes mini-batches of this size. */
  public EpochSettings(long seed, int batchSize, int accumulation, PictureWeight weight) {
    this(seed, batchSize, accumulation, weight, 1);
  }

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public EpochSettings {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size %d is not 1 or more".formatted(batchSize));
    }
    if (accumulation < 1) {
      throw new IllegalArgumentException(
          "gradient accumulation steps %d are not 1 or more".formatted(accumulation));
    }
    if (weight == null) {
      throw new IllegalArgumentException("picture weight is missing");
    }
    if (sharing < ALL_WORKERS || sharing > batchSize) {
      throw new IllegalArgumentException(
          "%d samples cannot be shared by %d workers".formatted(batchSize, sharing));
    }
  }

  /** The same, with the number of workers known. */
  public EpochSettings among(int workers) {
    return sharing == ALL_WORKERS
        ? new EpochSettings(seed, batchSize, accumulation, weight, workers)
        : this;
  }

  /** Samples of the largest mini-batch. */
  public int largestBatch() {
    return (batchSize + known() - 1) / known();
  }

  /** Samples of an epoch that lie before a mini-batch, counted from 0. */
  long samplesBefore(long batch) {
    return batch * batchSize / known();
  }

  /** Optimiser steps of an epoch over the given number of pictures, the same in every epoch. */
  public int stepsPerEpoch(int pictures) {
    long batches = ((long) pictures * known() + batchSize - 1) / batchSize;
    return (int) ((batches + accumulation - 1) / accumulation);
  }

  private int known() {
    if (sharing == ALL_WORKERS) {
      throw new IllegalStateException("how many workers share a batch is not known yet");
    }
    return sharing;
  }
}
