package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.epoch.EpochSettings;
import dev.fovea.jobs.training.epoch.PictureWeight;
import dev.fovea.jobs.training.loop.Budget;
import dev.fovea.jobs.training.loop.LearningRateSchedule;
import dev.fovea.jobs.training.loop.Optimization;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The options that say what a network is trained for, how, and for how long. */
final class OptimizationOptions {
  private static final int BATCH_SIZE = 32;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      order = 30,
      description = "Samples of a mini-batch of each worker; 32 if not given.")
  private Integer batchSize;

  @Option(
      names = "--global-batch-size",
      paramLabel = "N",
      order = 30,
      description =
          "Samples that the workers share: their mini-batches together; not with --batch-size.")
  private Integer globalBatchSize;

  @Option(
      names = "--gradient-accumulation-steps",
      defaultValue = "4",
      paramLabel = "N",
      order = 31,
      description = "Mini-batches of an optimiser step.")
  private int gradientAccumulationSteps;

  @Option(
      names = "--num-epochs",
      defaultValue = "400",
      paramLabel = "N",
      order = 32,
      description = "Epochs at most.")
  private int numEpochs;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      order = 33,
      description = "Optimiser steps at most.")
  private Long maxSteps;

  @Option(
      names = "--max-minutes",
      paramLabel = "M",
      order = 34,
      description = "Minutes of training at most.")
  private Double maxMinutes;

  @Option(
      names = "--learning-rate",
      defaultValue = "1e-2",
      paramLabel = "RATE",
      order = 35,
      description = "Adafactor's learning rate.")
  private double learningRate;

  @Option(
      names = "--learning-rate-schedule",
      defaultValue = "constant",
      paramLabel = "NAME",
      order = 36,
      description = "constant, or cosine down to a hundredth of the rate.")
  private LearningRateSchedule learningRateSchedule;

  @Option(
      names = "--rms-decay",
      defaultValue = "-0.8",
      paramLabel = "X",
      order = 37,
      description = "Exponent of Adafactor's decay of squared gradients, below 0.")
  private double rmsDecay;

  @Option(
      names = "--low-memory-optimizer",
      order = 38,
      description = "Let the optimiser take longer to need less memory.")
  private boolean lowMemoryOptimizer;

  @Option(
      names = "--max-gradient-norm",
      defaultValue = "1.0",
      paramLabel = "X",
      order = 39,
      description = "Gradients are clipped to this norm.")
  private double maxGradientNorm;

  @Option(
      names = "--reconstruction-loss",
      defaultValue = "mse",
      paramLabel = "NAME",
      order = 40,
      description = "mse or l1.")
  private ReconstructionLoss reconstructionLoss;

  @Option(
      names = "--tv-penalty",
      defaultValue = "0.5",
      paramLabel = "X",
      order = 41,
      description = "Weight of the total variation, 0 to 1.")
  private double tvPenalty;

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  EpochSettings epochs(long seed, PictureWeight weight) {
    Require.atLeast("--gradient-accumulation-steps", gradientAccumulationSteps, 1);
    if (globalBatchSize == null) {
      int each = batchSize == null ? BATCH_SIZE : batchSize;
      Require.atLeast("--batch-size", each, 1);
      return new EpochSettings(seed, each, gradientAccumulationSteps, weight);
    }
    if (batchSize != null) {
      throw new UsageException(
          "--batch-size and --global-batch-size exclude each other: give one of them");
    }
    Require.atLeast("--global-batch-size", globalBatchSize, 1);
    return new EpochSettings(
        seed, globalBatchSize, gradientAccumulationSteps, weight, EpochSettings.ALL_WORKERS);
  }

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  LossConfig loss() {
    Require.within("--tv-penalty", tvPenalty, 0, 1);
    return new LossConfig(reconstructionLoss, tvPenalty);
  }

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  Optimization optimization() {
    Require.above("--learning-rate", learningRate, 0);
    Require.below("--rms-decay", rmsDecay, 0);
    Require.above("--max-gradient-norm", maxGradientNorm, 0);
    return new Optimization(
        AdafactorConfig.of(learningRate, rmsDecay),
        learningRateSchedule,
        maxGradientNorm,
        lowMemoryOptimizer ? Optimization.Memory.LOW : Optimization.Memory.FAST);
  }

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  Budget budget() {
    Require.atLeast("--num-epochs", numEpochs, 1);
    if (maxSteps != null) {
      Require.atLeast("--max-steps", maxSteps, 1);
    }
    if (maxMinutes != null) {
      Require.above("--max-minutes", maxMinutes, 0);
    }
    return new Budget(
        numEpochs,
        maxSteps == null ? OptionalLong.empty() : OptionalLong.of(maxSteps),
        maxMinutes == null ? OptionalDouble.empty() : OptionalDouble.of(maxMinutes));
  }
}
