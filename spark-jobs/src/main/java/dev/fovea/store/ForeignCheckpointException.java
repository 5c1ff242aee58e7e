package dev.fovea.store;

import java.io.IOException;
import org.apache.hadoop.fs.Path;

/**
 * Another run writes to the same checkpoint path. The run that finds out stops: it would delete the
 * other's checkpoints, and its own would be taken for the other's.
 */
public final class ForeignCheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  ForeignCheckpointException(Path directory, String foreignRun, String ownRun) {
    super(
        ("checkpoint %s was written by run %s while run %s uses the same path; give each run a"
                + " --checkpoint-path of its own, or end one of them and --resume")
            .formatted(directory, foreignRun, ownRun));
  }
}
