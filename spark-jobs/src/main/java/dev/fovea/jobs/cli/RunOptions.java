package dev.fovea.jobs.cli;

import dev.fovea.jobs.runs.mlflow.Tracking;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.averaging.OuterMomentum;
import dev.fovea.jobs.training.epoch.PictureWeight;
import dev.fovea.jobs.training.loop.OnCorruptShard;
import dev.fovea.jobs.training.loop.Parallelism;
import dev.fovea.jobs.training.loop.RunCheckpoints;
import dev.fovea.model.checkpoint.TrainingState;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** The options of both stages of training that say on what, where and how widely they run. */
final class RunOptions {
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
      names = "--picture-weight",
      defaultValue = "uniform",
      paramLabel = "NAME",
      order = 18,
      description =
          "uniform: every picture once an epoch; area: as many draws, larger pictures more often"
              + " (by the square root of their area).")
  private PictureWeight pictureWeight;

  @Option(
      names = "--on-corrupt-shard",
      defaultValue = "fail",
      paramLabel = "NAME",
      order = 13,
      description =
          "Training shards that cannot be read whole: fail ends the run; skip reads all of them"
              + " before the run begins, and trains without what is damaged.")
  private OnCorruptShard onCorruptShard;

  @Option(
      names = "--eval-interval",
      defaultValue = "5",
      paramLabel = "EPOCHS",
      order = 60,
      description = "Epochs between two evaluations.")
  private int evalInterval;

  @Option(
      names = "--run-dir-path",
      defaultValue = "./runs/pretrain",
      paramLabel = "FOLDER",
      order = 66,
      description = "Where the run's figures, and shards made of folders of pictures, are left.")
  private String runDirPath;

  @Option(
      names = "--mlflow-uri",
      paramLabel = "URL",
      order = 68,
      description =
          "An MLflow tracking server that is told of the run too, such as http://host:5000.")
  private String mlflowUri;

  @Option(
      names = "--mlflow-experiment",
      defaultValue = "fovea",
      paramLabel = "NAME",
      order = 69,
      description = "The experiment there that the run belongs to.")
  private String mlflowExperiment;

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
          "Logical workers whose parameters are averaged; without it as many as the run that is"
              + " resumed had, else as there are executors, 1 in local mode.")
  private Integer numWorkers;

  @Option(
      names = "--averaging-frequency",
      defaultValue = "64",
      paramLabel = "STEPS",
      order = 71,
      description = "Optimiser steps of each worker between two averagings.")
  private int averagingFrequency;

  @Option(
      names = "--outer-momentum",
      defaultValue = "0",
      paramLabel = "N",
      order = 72,
      description =
          "Momentum, 0 to below 1, of the steps that rounds of averaging make together; 0 with an"
              + " outer learning rate of 1 is plain averaging.")
  private double outerMomentum;

  @Option(
      names = "--outer-learning-rate",
      defaultValue = "1",
      paramLabel = "N",
      order = 73,
      description = "How far the parameters follow such a step.")
  private double outerLearningRate;

  Path trainImages() {
    return new Path(trainImagesPath);
  }

  Path testImages() {
    return new Path(testImagesPath);
  }

  Path runDir() {
    return new Path(runDirPath);
  }

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  Tracking tracking() {
    if (mlflowUri != null && !Tracking.isServer(mlflowUri)) {
      throw new UsageException(
          "--mlflow-uri", mlflowUri, "an address such as http://host:5000 is needed");
    }
    if (mlflowExperiment.isBlank()) {
      throw new UsageException("--mlflow-experiment", mlflowExperiment, "a name is needed");
    }
    return new Tracking(Optional.ofNullable(mlflowUri), mlflowExperiment);
  }

  OnCorruptShard onCorruptShard() {
    return onCorruptShard;
  }

  PictureWeight pictureWeight() {
    return pictureWeight;
  }

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  int evalInterval() {
    Require.atLeast("--eval-interval", evalInterval, 1);
    return evalInterval;
  }

  /**
   * On how many workers and with what the run is trained.
   *
   * @param before how the run to be resumed was trained
   * @throws UsageException naming the option, the value and what is allowed
   */
  Parallelism parallelism(EngineChoice engine, Optional<TrainingState> before, Console console) {
    Require.atLeast("--num-dataset-processes", numDatasetProcesses, 1);
    Require.atLeast("--averaging-frequency", averagingFrequency, 1);
    if (numWorkers != null) {
      Require.atLeast("--num-workers", numWorkers, 1);
    }
    return new Parallelism(
        engine, workers(before, console), averagingFrequency, outerMomentum(), numDatasetProcesses);
  }

  /** Those asked for, else those of the run to be resumed: executors come and go, bits stay. */
  private OptionalInt workers(Optional<TrainingState> before, Console console) {
    if (numWorkers != null) {
      return OptionalInt.of(numWorkers);
    }
    OptionalInt workers = before.map(RunCheckpoints::workers).orElse(OptionalInt.empty());
    workers.ifPresent(
        number ->
            console.line(
                "%s, as the run that is resumed had; --num-workers changes that"
                    .formatted(Figures.count(number, "worker", "workers"))));
    return workers;
  }

  private OuterMomentum outerMomentum() {
    Require.atLeast("--outer-momentum", outerMomentum, 0);
    Require.below("--outer-momentum", outerMomentum, 1);
    Require.above("--outer-learning-rate", outerLearningRate, 0);
    return new OuterMomentum(outerMomentum, outerLearningRate);
  }

  /** The seed given, else that of the run to be resumed, else a new one. */
  long seed(Optional<TrainingState> before) {
    if (seed != null) {
      return seed;
    }
    return before.map(TrainingState::seed).orElseGet(RunOptions::drawn);
  }

  private static long drawn() {
    return new SecureRandom().nextInt(Integer.MAX_VALUE);
  }
}
