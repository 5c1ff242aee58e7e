package dev.fovea.jobs.models.store;

import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import java.io.IOException;
import java.util.Optional;

/**
 * A place with checkpoints. Reading takes the newest one that is whole, byte for byte; damaged ones
 * are passed over with a warning that says what is wrong, unless a damaged one was asked for by
 * name.
 *
 * <p>Failures to reach the place are plain {@link IOException}s and never taken for damage. Safe
 * for use by several threads.
 */
public interface CheckpointStore {
  /** What a training run does about checkpoints that are already there. */
  enum Existing {
    /** Nothing may be there. */
    REFUSE,
    /** The run goes on from the newest; later ones are written beside them. */
    RESUME,
    /** They are deleted. */
    OVERWRITE
  }

  /**
   * The newest whole checkpoint, if anything was ever saved here.
   *
   * @throws NoCheckpointException if checkpoints are here but none of them is whole
   * @throws DamagedCheckpointException if this store is one named checkpoint that is not whole
   */
  Optional<Checkpoint> newest() throws IOException;

  /**
   * The newest whole checkpoint.
   *
   * @throws NoCheckpointException if there is none
   * @throws DamagedCheckpointException if this store is one named checkpoint that is not whole
   */
  Checkpoint read() throws IOException;

  /**
   * Shape and weights of the newest checkpoint of which these are whole.
   *
   * @throws NoCheckpointException if there is none
   * @throws DamagedCheckpointException if this store is one named checkpoint that is not whole
   */
  TrainedUpscaler readUpscaler() throws IOException;

  /**
   * Shape and weights with what is known of their training, of the newest checkpoint of which these
   * are whole. Opens neither optimisers nor a critic.
   *
   * @throws NoCheckpointException if there is none
   * @throws DamagedCheckpointException if this store is one named checkpoint that is not whole
   */
  StoredModel readModel() throws IOException;

  /**
   * Makes sure that nothing is here, and changes nothing.
   *
   * @throws CheckpointPathNotEmptyException if something is
   */
  void requireEmpty() throws IOException;

  /**
   * Prepares for writing, and takes the path from whoever writes there: at its next write that one
   * stops with a {@link ForeignCheckpointException}. With {@link Existing#OVERWRITE} deletes the
   * checkpoints that are there, after making sure that nothing else is.
   *
   * @param runId of the run whose checkpoints will be written
   * @param keep how many of the newest to keep, 1 or more
   * @return to be closed, which gives the path free
   * @throws CheckpointPathNotEmptyException if something is there that the choice does not allow
   */
  CheckpointWriter writer(String runId, Existing existing, int keep) throws IOException;
}
