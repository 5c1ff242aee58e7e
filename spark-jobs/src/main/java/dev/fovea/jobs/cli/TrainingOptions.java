package dev.fovea.jobs.cli;

import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.spark.session.SparkSetup.TaskFiles;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.training.loop.Checkpointing;
import dev.fovea.jobs.training.loop.Optimization;
import dev.fovea.jobs.training.loop.RunCheckpoints;
import dev.fovea.jobs.training.loop.RunSettings;
import dev.fovea.model.checkpoint.TrainingState;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Mixin;

/** What both stages of training can be told. */
final class TrainingOptions {
  @Mixin private RunOptions run = new RunOptions();

  @Mixin private PairOptions pairs = new PairOptions();

  @Mixin private OptimizationOptions optimization = new OptimizationOptions();

  @Mixin private CheckpointOptions checkpoints = new CheckpointOptions();

  @Mixin private EngineOptionsMixin engine = new EngineOptionsMixin();

  @Mixin private SparkOptions spark = new SparkOptions();

  /** A training job that waits for Spark. */
  @FunctionalInterface
  interface Job {
    void run(JavaSparkContext context) throws Exception;
  }

  SparkSetup spark() {
    return spark.setup();
  }

  Checkpointing checkpointing() {
    return checkpoints.checkpointing();
  }

  Optimization optimization() {
    return optimization.optimization();
  }

  /**
   * The run that is asked for.
   *
   * @param ratioName what decides the upscale ratio, for messages
   */
  RunSettings run(
      Configuration configuration,
      int upscaleRatio,
      String ratioName,
      Checkpointing checkpointing,
      Console console)
      throws IOException {
    int evalInterval = run.evalInterval();
    Optional<TrainingState> before = RunCheckpoints.before(configuration, checkpointing, console);
    long seed = run.seed(before);
    return new RunSettings(
        run.trainImages(),
        run.testImages(),
        pairs.settings(upscaleRatio, ratioName),
        optimization.epochs(seed, run.pictureWeight()),
        optimization.loss(),
        optimization.optimization(),
        optimization.budget(),
        run.parallelism(engine.choiceForTraining(), before, console),
        checkpointing,
        evalInterval,
        run.onCorruptShard(),
        run.runDir(),
        run.tracking());
  }

  /**
   * Runs a job in Spark. On this machine alone its workers share the cores; an executor's belong to
   * the one worker that runs there at a time.
   */
  static void run(String name, SparkSetup setup, RunSettings settings, Job job) throws Exception {
    int sharing = setup.onExecutors() ? 1 : settings.parallelism().workers().orElse(1);
    try (JavaSparkContext context = setup.open(name, cores -> cores / sharing, TaskFiles.NONE)) {
      job.run(context);
    }
  }
}
