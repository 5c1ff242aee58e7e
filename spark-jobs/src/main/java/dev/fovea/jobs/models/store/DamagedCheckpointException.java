package dev.fovea.jobs.models.store;

import dev.fovea.model.checkpoint.DamagedFileException;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** A checkpoint is not whole; the message names the file and what is wrong with it. */
public final class DamagedCheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  DamagedCheckpointException(Path directory, DamagedFileException cause) {
    super("checkpoint %s is damaged: %s".formatted(directory, cause.getMessage()), cause);
  }
}
