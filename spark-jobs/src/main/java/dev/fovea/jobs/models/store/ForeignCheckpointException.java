package dev.fovea.jobs.models.store;

import dev.fovea.jobs.support.console.Setting;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/**
 * Another run writes to the same checkpoint path. The run that finds out stops: it would delete the
 * other's checkpoints, and its own would be taken for the other's.
 */
public final class ForeignCheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  private ForeignCheckpointException(String message) {
    super(
        "%s; give each run a %s of its own, or end one and %s"
            .formatted(message, Setting.CHECKPOINT_PATH, Setting.RESUME));
  }

  static ForeignCheckpointException written(Path directory, String foreignRun, String ownRun) {
    return new ForeignCheckpointException(
        "checkpoint %s was written by run %s while run %s uses the same path"
            .formatted(directory, foreignRun, ownRun));
  }

  static ForeignCheckpointException takenOver(Path path, String holder, String ownRun) {
    return new ForeignCheckpointException(
        "checkpoint path %s was taken over by %s while run %s uses it, which stops and writes"
                .formatted(path, holder, ownRun)
            + " nothing more");
  }
}
