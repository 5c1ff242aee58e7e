package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import org.apache.hadoop.fs.Path;

/**
 * Where and when a run is saved.
 *
 * @param path the folder of its checkpoints
 * @param interval epochs between two checkpoints, 1 or more; the end of a run is always saved
 * @param minutes minutes between two checkpoints at most, above 0; saved at the end of the round in
 *     which they are over, also in the middle of an epoch
 * @param keep how many of the newest to keep, 1 or more
 * @param existing what to do about checkpoints that are there
 * @param onFailure what to do when one cannot be written
 */
public record Checkpointing(
    Path path, int interval, double minutes, int keep, Existing existing, OnFailure onFailure) {
  /** Minutes between two checkpoints unless others are asked for. */
  public static final double MINUTES = 10;

  /** What a run does when a checkpoint cannot be written, because a disk is full for example. */
  public enum OnFailure {
    /** It ends with the last good one. */
    STOP,
    /** It says so and goes on, unless that was the last one. */
    CONTINUE
  }

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Checkpointing {
    if (interval < 1) {
      throw new IllegalArgumentException(
          "checkpoint interval %d is not 1 or more".formatted(interval));
    }
    if (!(minutes > 0)) {
      throw new IllegalArgumentException(
          "checkpoint minutes %s are not above 0".formatted(minutes));
    }
    if (keep < 1) {
      throw new IllegalArgumentException(
          "%d checkpoints to keep are not 1 or more".formatted(keep));
    }
  }

  /** A run that stops when a checkpoint cannot be written. */
  public Checkpointing(Path path, int interval, int keep, Existing existing) {
    this(path, interval, MINUTES, keep, existing, OnFailure.STOP);
  }
}
