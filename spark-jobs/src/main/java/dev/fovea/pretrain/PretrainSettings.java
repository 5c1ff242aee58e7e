package dev.fovea.pretrain;

import dev.fovea.augment.PairSettings;
import dev.fovea.config.LossConfig;
import dev.fovea.config.UpscalerConfig;
import dev.fovea.training.EpochSettings;
import org.apache.hadoop.fs.Path;

/**
 * Everything that decides what a pretraining run computes and where it leaves it.
 *
 * @param trainImages a folder of pictures, or of prepared shards
 * @param testImages likewise, for the evaluations in between
 * @param pairs how training pairs are made
 * @param epochs how they become mini-batches and steps, and the seed of every random choice
 * @param upscaler the network
 * @param loss what it is trained for
 * @param optimization how it is trained
 * @param budget how long
 * @param parallelism on what
 * @param checkpointing where it is saved
 * @param evalInterval epochs between two evaluations, 1 or more; the end of a run is always
 *     evaluated
 * @param runDir where figures, and shards made of folders of pictures, are left
 */
public record PretrainSettings(
    Path trainImages,
    Path testImages,
    PairSettings pairs,
    EpochSettings epochs,
    UpscalerConfig upscaler,
    LossConfig loss,
    Optimization optimization,
    Budget budget,
    Parallelism parallelism,
    Checkpointing checkpointing,
    int evalInterval,
    Path runDir) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public PretrainSettings {
    if (evalInterval < 1) {
      throw new IllegalArgumentException(
          "evaluation interval %d is not 1 or more".formatted(evalInterval));
    }
    if (pairs.upscaleRatio() != upscaler.upscaleRatio()) {
      throw new IllegalArgumentException(
          "pairs of ratio %d do not fit an upscaler of ratio %d"
              .formatted(pairs.upscaleRatio(), upscaler.upscaleRatio()));
    }
  }
}
