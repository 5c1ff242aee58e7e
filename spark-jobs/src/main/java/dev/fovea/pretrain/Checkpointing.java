package dev.fovea.pretrain;

import dev.fovea.store.CheckpointStore.Existing;
import org.apache.hadoop.fs.Path;

/**
 * Where and when a run is saved.
 *
 * @param path the folder of its checkpoints
 * @param interval epochs between two checkpoints, 1 or more; the end of a run is always saved
 * @param keep how many of the newest to keep, 1 or more
 * @param existing what to do about checkpoints that are there
 */
public record Checkpointing(Path path, int interval, int keep, Existing existing) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Checkpointing {
    if (interval < 1) {
      throw new IllegalArgumentException(
          "checkpoint interval %d is not 1 or more".formatted(interval));
    }
    if (keep < 1) {
      throw new IllegalArgumentException(
          "%d checkpoints to keep are not 1 or more".formatted(keep));
    }
  }
}
