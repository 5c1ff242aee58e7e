package dev.fovea.jobs.models.store;

import dev.fovea.model.checkpoint.Checkpoint;
import java.io.Closeable;
import java.io.IOException;

/**
 * Writes the checkpoints of one run. Has the path to itself until it is closed; a process that is
 * killed leaves its claim behind, which the next writer takes over. Not thread-safe.
 */
public interface CheckpointWriter extends Closeable {
  /**
   * Writes a checkpoint, reads it back, and only then deletes the oldest ones. A step that this
   * writer has saved already, or found here at its beginning, is left as it is. Where writing fails
   * nothing is left that looks whole.
   *
   * @throws ForeignCheckpointException if somebody else writes here; nothing more may be written
   * @throws DamagedCheckpointException if what is read back is not what was written
   * @throws UnknownOutcomeException if the file system failed so that nobody knows whether the
   *     checkpoint was written
   * @throws IllegalArgumentException if the checkpoint is of another run
   */
  void write(Checkpoint checkpoint) throws IOException;

  /**
   * Looks whether the path is still this writer's, and writes nothing.
   *
   * @throws ForeignCheckpointException if somebody else has taken it; nothing more may be written
   * @throws IOException if that cannot be known now
   */
  void requireHeld() throws IOException;

  /** Gives the path free; whatever was written stays. */
  @Override
  void close() throws IOException;
}
