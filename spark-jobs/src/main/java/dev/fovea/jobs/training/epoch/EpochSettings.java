package dev.fovea.jobs.training.epoch;

/**
 * How pictures become mini-batches and optimiser steps.
 *
 * @param seed of every random choice; 0 is a seed
 * @param batchSize samples of a mini-batch, 1 or more; the last one of an epoch may be smaller
 * @param accumulation mini-batches of an optimiser step, 1 or more; the last step of an epoch may
 *     have fewer
 * @param weight how often a picture is used
 */
public record EpochSettings(long seed, int batchSize, int accumulation, PictureWeight weight) {
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
  }

  /** Optimiser steps of an epoch over the given number of pictures, the same in every epoch. */
  public int stepsPerEpoch(int pictures) {
    long perStep = (long) batchSize * accumulation;
    return (int) ((pictures + perStep - 1) / perStep);
  }
}
