package dev.fovea.jobs.training.stage2;

import dev.fovea.jobs.evaluation.training.TrainingEvaluation;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.averaging.TrainingStoppedException;
import dev.fovea.jobs.training.loop.RunCheckpoints;
import dev.fovea.jobs.training.loop.TrainingJob;
import dev.fovea.jobs.training.stage1.PretrainJob;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.TrainedCritic;
import dev.fovea.model.engine.AdversarialFigures;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Stage 2: trains an upscaler and a critic against each other by parameter averaging, both in the
 * same rounds, from a model of stage 1 or from its own last checkpoint.
 *
 * <p>What comes out depends on what it does in {@link PretrainJob}, and on the model.
 */
public final class FineTuneJob {
  private final TrainingJob<AdversarialFigures> job;

  /**
   * Looks at all paths, and changes nothing.
   *
   * @throws UsageException naming the option, if pictures are missing, or checkpoints in the way or
   *     not of such a run
   */
  public FineTuneJob(Configuration configuration, FineTuneSettings settings, Console console)
      throws IOException {
    RunCheckpoints checkpoints = RunCheckpoints.open(configuration, settings.run(), console);
    checkpoints.resumed().ifPresent(checkpoint -> check(checkpoints, checkpoint, settings));
    job =
        new TrainingJob<>(
            configuration, settings.run(), checkpoints, () -> new StageTwo(settings), console);
  }

  private static void check(
      RunCheckpoints checkpoints, Checkpoint checkpoint, FineTuneSettings settings) {
    if (checkpoint.critic().isEmpty()) {
      throw checkpoints.unfit(
          "it holds a model of stage 1, which is where fine-tune starts from: name it by"
              + " %s, and another %s".formatted(Setting.BASE_MODEL_PATH, Setting.CHECKPOINT_PATH));
    }
    TrainedCritic critic = checkpoint.critic().get();
    if (!critic.config().equals(settings.critic())) {
      throw checkpoints.unfit(
          "it holds a %s, %s asks for a %s"
              .formatted(critic.config(), Setting.CRITIC_MODEL_SIZE, settings.critic()));
    }
    String asked = StageTwo.id(settings.term());
    String found = checkpoint.state().settings().getOrDefault(StageTwo.ADVERSARIAL, asked);
    if (!found.equals(asked)) {
      throw new UsageException(
          Setting.ADVERSARIAL, asked, "the run that is resumed has it %s".formatted(found));
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
