package dev.fovea.pretrain;

import org.apache.hadoop.fs.Path;

/**
 * Where and when a run is saved.
 *
 * @param path the folder of its checkpoints
 * @param interval epochs between two checkpoints, 1 or more; the end of a run is always saved
 * @param keep how many of the newest to keep, 1 or more
 * @param start what to do about checkpoints that are there
 */
public record Checkpointing(Path path, int interval, int keep, Start start) {
  /** What a run does about checkpoints that it finds at its path. */
  public enum Start {
    /** Refuse to begin. */
    FRESH,
    /** Go on from the newest. */
    RESUME,
    /** Delete them. */
    OVERWRITE
  }

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Checkpointing {
    if (interval < 1) {
      throw new IllegalArgumentException(
          "checkpoint interval %d is not 1 or more".formatted(interval));
    }
    if (keep < 1) {
      throw new IllegalArgumentException("%d checkpoints to keep are not 1 or more".formatted(keep));
    }
  }
}
