package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.runs.mlflow.Tracking;
import dev.fovea.jobs.training.epoch.EpochSettings;
import dev.fovea.model.config.LossConfig;
import dev.fovea.pictures.pairs.PairSettings;
import org.apache.hadoop.fs.Path;

/**
 * What a run of either stage is: data, loss, optimiser, length, place.
 *
 * @param trainImages a folder of pictures, or of prepared shards
 * @param testImages likewise, for the evaluations in between
 * @param pairs how training pairs are made
 * @param epochs how they become mini-batches and steps, and the seed of every random choice
 * @param loss the distance to the originals
 * @param optimization how the upscaler is trained
 * @param budget how long
 * @param parallelism on what
 * @param checkpointing where it is saved
 * @param evalInterval epochs between two evaluations, 1 or more; the end of a run is always
 *     evaluated
 * @param onCorruptShard what becomes of training shards that cannot be read whole
 * @param runDir where figures, and shards made of folders of pictures, are left
 * @param tracking where else the run is told of
 */
public record RunSettings(
    Path trainImages,
    Path testImages,
    PairSettings pairs,
    EpochSettings epochs,
    LossConfig loss,
    Optimization optimization,
    Budget budget,
    Parallelism parallelism,
    Checkpointing checkpointing,
    int evalInterval,
    OnCorruptShard onCorruptShard,
    Path runDir,
    Tracking tracking) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public RunSettings {
    if (evalInterval < 1) {
      throw new IllegalArgumentException(
          "evaluation interval %d is not 1 or more".formatted(evalInterval));
    }
  }

  /** The same for a number of workers, which share a batch if that is asked for. */
  RunSettings among(int workers) {
    return new RunSettings(
        trainImages,
        testImages,
        pairs,
        epochs.among(workers),
        loss,
        optimization,
        budget,
        parallelism,
        checkpointing,
        evalInterval,
        onCorruptShard,
        runDir,
        tracking);
  }
}
