package dev.fovea.cli;

import dev.fovea.augment.CropMode;
import dev.fovea.augment.Downscaler;
import dev.fovea.augment.Flips;
import dev.fovea.augment.PairSettings;
import dev.fovea.config.AdafactorConfig;
import dev.fovea.config.BaseUpscaler;
import dev.fovea.config.LossConfig;
import dev.fovea.config.ReconstructionLoss;
import dev.fovea.config.UpscalerConfig;
import dev.fovea.console.Console;
import dev.fovea.console.UsageException;
import dev.fovea.pretrain.Budget;
import dev.fovea.pretrain.Checkpointing;
import dev.fovea.pretrain.LearningRateSchedule;
import dev.fovea.pretrain.Optimization;
import dev.fovea.pretrain.Parallelism;
import dev.fovea.pretrain.PretrainJob;
import dev.fovea.pretrain.PretrainSettings;
import dev.fovea.pretrain.RunCheckpoints;
import dev.fovea.spark.SparkSetup;
import dev.fovea.store.CheckpointStore.Existing;
import dev.fovea.training.EpochSettings;
import dev.fovea.training.PictureWeight;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stage 1: trains an upscaler from photographs. */
@Command(
    name = "pretrain",
    description = "Train an upscaler on photographs (stage 1: MSE or L1, and total variation).")
final class PretrainCommand extends FoveaCommand {
  @Option(
      names = "--train-images-path",
      defaultValue = "./dataset/train",
      paramLabel = "FOLDER",
      order = 10,
      description = "Pictures, or shards made by prepare, to train on.")
  private String trainImagesPath;

  @Option(
      names = "--test-images-path",
      defaultValue = "./dataset/test",
      paramLabel = "FOLDER",
      order = 11,
      description = "Pictures, or shards, to evaluate on in between.")
  private String testImagesPath;

  @Option(
      names = "--num-dataset-processes",
      defaultValue = "4",
      paramLabel = "N",
      order = 12,
      description = "Decoding threads of each executor.")
  private int numDatasetProcesses;

  @Option(
      names = "--target-resolution",
      defaultValue = "256",
      paramLabel = "PIXELS",
      order = 13,
      description = "Side of the high-resolution crops, a multiple of the upscale ratio.")
  private int targetResolution;

  @Option(
      names = "--upscale-ratio",
      defaultValue = "4",
      paramLabel = "R",
      order = 14,
      description = "2, 4 or 8.")
  private int upscaleRatio;

  @Option(
      names = "--crop-mode",
      defaultValue = "native",
      paramLabel = "MODE",
      order = 15,
      description =
          "native: crops at the pictures' own resolution, too small pictures are left out and"
              + " counted; resized: random parts resized, as the reference does.")
  private CropMode cropMode;

  @Option(
      names = "--downscaler",
      defaultValue = "bicubic",
      paramLabel = "NAME",
      order = 16,
      description =
          "How low resolution is made: bicubic as MATLAB's imresize in 8 bit, or bilinear as the"
              + " reference.")
  private Downscaler downscaler;

  @Option(
      names = "--flips",
      defaultValue = "horizontal",
      paramLabel = "WHICH",
      order = 17,
      description = "horizontal, or all eight flips and quarter turns.")
  private Flips flips;

  @Option(
      names = "--picture-weight",
      defaultValue = "uniform",
      paramLabel = "NAME",
      order = 18,
      description =
          "uniform: every picture once an epoch; area: as many draws, larger pictures more often"
              + " (by the square root of their area).")
  private PictureWeight pictureWeight;

  @Option(
      names = "--brightness-jitter",
      defaultValue = "0.1",
      paramLabel = "X",
      order = 20,
      description = "Brightness is multiplied by 1-X to 1+X.")
  private double brightnessJitter;

  @Option(
      names = "--contrast-jitter",
      defaultValue = "0.1",
      paramLabel = "X",
      order = 21,
      description = "Contrast likewise.")
  private double contrastJitter;

  @Option(
      names = "--saturation-jitter",
      defaultValue = "0.1",
      paramLabel = "X",
      order = 22,
      description = "Saturation likewise.")
  private double saturationJitter;

  @Option(
      names = "--hue-jitter",
      defaultValue = "0.1",
      paramLabel = "X",
      order = 23,
      description = "Hue is turned by -X to X of the colour circle, X at most 0.5.")
  private double hueJitter;

  @Option(
      names = "--batch-size",
      defaultValue = "32",
      paramLabel = "N",
      order = 30,
      description = "Samples of a mini-batch.")
  private int batchSize;

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

  @Option(
      names = "--base-upscaler",
      defaultValue = "bicubic",
      paramLabel = "NAME",
      order = 50,
      description = "What the network's residual is added to: bicubic or bilinear.")
  private BaseUpscaler baseUpscaler;

  @Option(
      names = "--num-channels",
      defaultValue = "128",
      paramLabel = "C",
      order = 51,
      description = "Channels of the network.")
  private int numChannels;

  @Option(
      names = "--hidden-ratio",
      defaultValue = "2",
      paramLabel = "H",
      order = 52,
      description = "How much wider a block is inside: 1, 2 or 4.")
  private int hiddenRatio;

  @Option(
      names = "--num-layers",
      defaultValue = "16",
      paramLabel = "N",
      order = 53,
      description = "Residual blocks of the network.")
  private int numLayers;

  @Option(
      names = "--decoder-gain",
      defaultValue = "1",
      paramLabel = "X",
      order = 54,
      description = "Factor on the last convolution's initial gain.")
  private double decoderGain;

  @Option(
      names = "--eval-interval",
      defaultValue = "5",
      paramLabel = "EPOCHS",
      order = 60,
      description = "Epochs between two evaluations.")
  private int evalInterval;

  @Option(
      names = "--checkpoint-interval",
      defaultValue = "10",
      paramLabel = "EPOCHS",
      order = 61,
      description = "Epochs between two checkpoints.")
  private int checkpointInterval;

  @Option(
      names = "--checkpoint-path",
      defaultValue = "./checkpoints/checkpoint",
      paramLabel = "FOLDER",
      order = 62,
      description = "Where checkpoints are kept.")
  private String checkpointPath;

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
      names = "--run-dir-path",
      defaultValue = "./runs/pretrain",
      paramLabel = "FOLDER",
      order = 66,
      description = "Where the run's figures, and shards made of folders of pictures, are left.")
  private String runDirPath;

  @Option(
      names = "--seed",
      paramLabel = "N",
      order = 67,
      description = "Where every random choice comes from; drawn and recorded if not given.")
  private Long seed;

  @Option(
      names = "--num-workers",
      paramLabel = "N",
      order = 70,
      description =
          "Logical workers whose parameters are averaged; without it as many as there are"
              + " executors, 1 in local mode.")
  private Integer numWorkers;

  @Option(
      names = "--averaging-frequency",
      defaultValue = "64",
      paramLabel = "STEPS",
      order = 71,
      description = "Optimiser steps of each worker between two averagings.")
  private int averagingFrequency;

  @Mixin private EngineOptionsMixin engine = new EngineOptionsMixin();

  @Mixin private SparkOptions spark = new SparkOptions();

  @Override
  protected int run(Console console) throws Exception {
    checkOptions();
    SparkSetup setup = spark.setup();
    PretrainSettings settings = settings(setup.hadoopConfiguration(), console);
    PretrainJob job = new PretrainJob(setup.hadoopConfiguration(), settings, console);
    int workers = settings.parallelism().workers().orElse(1);
    try (JavaSparkContext context =
        setup.open("fovea pretrain", cores -> Math.max(1, cores / workers))) {
      job.run(context);
    }
    return ExitCode.DONE;
  }

  private void checkOptions() {
    Require.atLeast("--num-dataset-processes", numDatasetProcesses, 1);
    Require.oneOf("--upscale-ratio", upscaleRatio, UpscalerConfig.UPSCALE_RATIOS);
    Require.atLeast("--target-resolution", targetResolution, 1);
    if (targetResolution % upscaleRatio != 0) {
      throw new UsageException(
          "--target-resolution",
          targetResolution,
          "a multiple of --upscale-ratio %d is allowed".formatted(upscaleRatio));
    }
    Require.atLeast("--brightness-jitter", brightnessJitter, 0);
    Require.atLeast("--contrast-jitter", contrastJitter, 0);
    Require.atLeast("--saturation-jitter", saturationJitter, 0);
    Require.within("--hue-jitter", hueJitter, 0, 0.5);
    Require.atLeast("--batch-size", batchSize, 1);
    Require.atLeast("--gradient-accumulation-steps", gradientAccumulationSteps, 1);
    Require.atLeast("--num-epochs", numEpochs, 1);
    if (maxSteps != null) {
      Require.atLeast("--max-steps", maxSteps, 1);
    }
    if (maxMinutes != null) {
      Require.above("--max-minutes", maxMinutes, 0);
    }
    Require.above("--learning-rate", learningRate, 0);
    Require.below("--rms-decay", rmsDecay, 0);
    Require.above("--max-gradient-norm", maxGradientNorm, 0);
    Require.within("--tv-penalty", tvPenalty, 0, 1);
    Require.atLeast("--num-channels", numChannels, 1);
    Require.oneOf("--hidden-ratio", hiddenRatio, UpscalerConfig.HIDDEN_RATIOS);
    Require.atLeast("--num-layers", numLayers, 1);
    Require.above("--decoder-gain", decoderGain, 0);
    Require.atLeast("--eval-interval", evalInterval, 1);
    Require.atLeast("--checkpoint-interval", checkpointInterval, 1);
    Require.atLeast("--keep-checkpoints", keepCheckpoints, 1);
    Require.atLeast("--averaging-frequency", averagingFrequency, 1);
    if (numWorkers != null) {
      Require.atLeast("--num-workers", numWorkers, 1);
    }
    if (resume && overwrite) {
      throw new UsageException("--resume and --overwrite exclude each other: give one of them");
    }
  }

  private PretrainSettings settings(Configuration configuration, Console console)
      throws IOException {
    Checkpointing checkpointing =
        new Checkpointing(
            new Path(checkpointPath), checkpointInterval, keepCheckpoints, existing());
    return new PretrainSettings(
        new Path(trainImagesPath),
        new Path(testImagesPath),
        new PairSettings(
            targetResolution,
            upscaleRatio,
            cropMode,
            downscaler,
            brightnessJitter,
            contrastJitter,
            saturationJitter,
            hueJitter,
            flips),
        new EpochSettings(
            seed(configuration, checkpointing, console),
            batchSize,
            gradientAccumulationSteps,
            pictureWeight),
        new UpscalerConfig(baseUpscaler, upscaleRatio, numChannels, hiddenRatio, numLayers),
        new LossConfig(reconstructionLoss, tvPenalty),
        new Optimization(
            AdafactorConfig.of(learningRate, rmsDecay),
            learningRateSchedule,
            maxGradientNorm,
            decoderGain,
            lowMemoryOptimizer ? Optimization.Memory.LOW : Optimization.Memory.FAST),
        new Budget(
            numEpochs,
            maxSteps == null ? OptionalLong.empty() : OptionalLong.of(maxSteps),
            maxMinutes == null ? OptionalDouble.empty() : OptionalDouble.of(maxMinutes)),
        new Parallelism(
            engine.choice(),
            numWorkers == null ? OptionalInt.empty() : OptionalInt.of(numWorkers),
            averagingFrequency,
            numDatasetProcesses),
        checkpointing,
        evalInterval,
        new Path(runDirPath));
  }

  private Existing existing() {
    if (resume) {
      return Existing.RESUME;
    }
    return overwrite ? Existing.OVERWRITE : Existing.REFUSE;
  }

  /** The seed given, else that of the run to be resumed, else a new one. */
  private long seed(Configuration configuration, Checkpointing checkpointing, Console console)
      throws IOException {
    if (seed != null) {
      return seed;
    }
    return RunCheckpoints.seed(configuration, checkpointing, console)
        .orElseGet(() -> new SecureRandom().nextInt(Integer.MAX_VALUE));
  }
}
