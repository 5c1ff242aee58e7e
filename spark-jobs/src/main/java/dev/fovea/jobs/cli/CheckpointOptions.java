package dev.fovea.jobs.cli;

import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.loop.Checkpointing;
import dev.fovea.jobs.training.loop.Checkpointing.OnFailure;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** The options that say where a run is saved, and what becomes of what is there. */
final class CheckpointOptions {
  @Option(
      names = "--checkpoint-path",
      defaultValue = "./checkpoints/checkpoint",
      paramLabel = "FOLDER",
      order = 62,
      description = "Where checkpoints are kept.")
  private String checkpointPath;

  @Option(
      names = "--checkpoint-interval",
      defaultValue = "10",
      paramLabel = "EPOCHS",
      order = 61,
      description = "Epochs between two checkpoints.")
  private int checkpointInterval;

  @Option(
      names = "--checkpoint-minutes",
      defaultValue = "10",
      paramLabel = "M",
      order = 61,
      description =
          "Minutes between two checkpoints at most; saved at the end of an averaging round, also in"
              + " the middle of an epoch.")
  private double checkpointMinutes;

  @Option(
      names = "--keep-checkpoints",
      defaultValue = "3",
      paramLabel = "N",
      order = 63,
      description = "How many of the newest checkpoints are kept.")
  private int keepCheckpoints;

  @Option(
      names = "--resume",
      order = 64,
      description = "Go on from the newest checkpoint in the checkpoint path.")
  private boolean resume;

  @Option(
      names = "--overwrite",
      order = 65,
      description = "Delete the checkpoints in the checkpoint path first.")
  private boolean overwrite;

  @Option(
      names = "--on-checkpoint-failure",
      defaultValue = "stop",
      paramLabel = "NAME",
      order = 65,
      description =
          "When a checkpoint cannot be written, on a full disk for example: stop ends the run with"
              + " the last good one, continue goes on to the next.")
  private OnFailure onFailure;

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  Checkpointing checkpointing() {
    Require.atLeast("--checkpoint-interval", checkpointInterval, 1);
    Require.above("--checkpoint-minutes", checkpointMinutes, 0);
    Require.atLeast("--keep-checkpoints", keepCheckpoints, 1);
    if (resume && overwrite) {
      throw new UsageException("--resume and --overwrite exclude each other: give one of them");
    }
    return new Checkpointing(
        new Path(checkpointPath),
        checkpointInterval,
        checkpointMinutes,
        keepCheckpoints,
        existing(),
        onFailure);
  }

  private Existing existing() {
    if (resume) {
      return Existing.RESUME;
    }
    return overwrite ? Existing.OVERWRITE : Existing.REFUSE;
  }
}
