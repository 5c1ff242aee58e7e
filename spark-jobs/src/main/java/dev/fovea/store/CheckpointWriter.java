package dev.fovea.store;

import dev.fovea.checkpoint.Checkpoint;
import java.io.IOException;

/** Writes the checkpoints of one run. Not thread-safe. */
public interface CheckpointWriter {
  /**
   * Writes a checkpoint, reads it back, and only then deletes the oldest ones. A step that this
   * writer has saved already, or found here at its beginning, is left as it is. Where writing fails
   * nothing is left that looks whole.
   *
   * @throws ForeignCheckpointException if somebody else has written here since this writer began
   * @throws DamagedCheckpointException if what is read back is not what was written
   * @throws IllegalArgumentException if the checkpoint is of another run
   */
  void write(Checkpoint checkpoint) throws IOException;
}
