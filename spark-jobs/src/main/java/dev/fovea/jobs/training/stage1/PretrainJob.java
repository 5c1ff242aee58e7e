package dev.fovea.jobs.training.stage1;

import dev.fovea.jobs.evaluation.training.TrainingEvaluation;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.averaging.TrainingStoppedException;
import dev.fovea.jobs.training.loop.RunCheckpoints;
import dev.fovea.jobs.training.loop.TrainingJob;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.engine.StepFigures;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Stage 1: trains an upscaler on photographs by parameter averaging, from scratch or from its last
 * checkpoint.
 *
 * <p>What comes out depends on the pictures, the settings and the number of workers. With a limit
 * in minutes it depends on the machine's speed as well.
 */
public final class PretrainJob {
  private final TrainingJob<StepFigures> job;

  /**
   * Looks at all paths, and changes nothing.
   *
   * @throws UsageException naming the option, if pictures are missing or checkpoints in the way
   */
  public PretrainJob(Configuration configuration, PretrainSettings settings, Console console)
      throws IOException {
    RunCheckpoints checkpoints = RunCheckpoints.open(configuration, settings.run(), console);
    checkpoints.resumed().ifPresent(checkpoint -> check(checkpoints, checkpoint, settings));
    job =
        new TrainingJob<>(
            configuration, settings.run(), checkpoints, () -> new StageOne(settings), console);
  }

  private static void check(
      RunCheckpoints checkpoints, Checkpoint checkpoint, PretrainSettings settings) {
    if (checkpoint.critic().isPresent()) {
      throw checkpoints.unfit("it holds a fine-tuned model, with which fine-tune goes on");
    }
    if (!checkpoint.upscaler().config().equals(settings.upscaler())) {
      throw checkpoints.unfit(
          "it holds %s, the options ask for %s"
              .formatted(checkpoint.upscaler().config(), settings.upscaler()));
    }
  }

  /**
   * Trains until the budget is used up, evaluates and saves.
   *
   * @param spark a context with one task per executor at a time, whose cores the task uses
   * @return the last evaluation
   * @throws UsageException if no picture can be used, or the run has nothing left to do
   * @throws TrainingStoppedException if training diverged or a shard is damaged; the last
   *     checkpoint is kept
   */
  public TrainingEvaluation.Outcome run(JavaSparkContext spark) throws IOException {
    return job.run(spark);
  }
}
