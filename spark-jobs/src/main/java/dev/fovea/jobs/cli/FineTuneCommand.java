package dev.fovea.jobs.cli;

import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.loop.Checkpointing;
import dev.fovea.jobs.training.stage2.FineTuneJob;
import dev.fovea.jobs.training.stage2.FineTuneOrigin;
import dev.fovea.jobs.training.stage2.FineTuneSettings;
import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.CriticSize;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Stage 2: trains an upscaler of stage 1 further, against a critic. */
@Command(
    name = "fine-tune",
    description = "Train an upscaler of stage 1 further, against a critic (stage 2).",
    defaultValueProvider = FineTuneCommand.Defaults.class)
final class FineTuneCommand extends FoveaCommand {
  /** Where the options that both stages share have other defaults in this one. */
  static final class Defaults implements IDefaultValueProvider {
    private static final Map<String, String> VALUES =
        Map.of(
            "--num-epochs", "100",
            "--checkpoint-path", "./checkpoints/fine-tuned",
            "--run-dir-path", "./runs/fine-tune");

    @Override
    public String defaultValue(ArgSpec argument) {
      return argument instanceof OptionSpec option ? VALUES.get(option.longestName()) : null;
    }
  }

  @Option(
      names = "--base-model-path",
      defaultValue = "./checkpoints/checkpoint",
      paramLabel = "FOLDER",
      order = 9,
      description =
          "The checkpoint of stage 1, or the shipped model, to start from; its upscaler's shape is"
              + " kept.")
  private String baseModelPath;

  @Option(
      names = "--upscale-ratio",
      paramLabel = "R",
      order = 14,
      description = "May be given as a check: it has to be the base model's.")
  private Integer upscaleRatio;

  @Option(
      names = "--critic-model-size",
      defaultValue = "small",
      paramLabel = "SIZE",
      order = 55,
      description = "small, medium or large: 23, 42 or 58 million parameters.")
  private CriticSize criticModelSize;

  @Option(
      names = "--critic-warmup-epochs",
      defaultValue = "3",
      paramLabel = "N",
      order = 56,
      description = "Epochs at the start in which only the critic learns.")
  private int criticWarmupEpochs;

  @Option(
      names = "--critic-learning-rate",
      paramLabel = "RATE",
      order = 57,
      description = "The critic's learning rate, if not the upscaler's.")
  private Double criticLearningRate;

  @Option(
      names = "--adversarial",
      defaultValue = "on",
      paramLabel = "on|off",
      order = 58,
      description =
          "off: the upscaler learns nothing from the critic, for a comparison with equal steps and"
              + " pictures.")
  private AdversarialTerm adversarial;

  @Mixin private TrainingOptions training = new TrainingOptions();

  @Override
  protected int run(Console console) throws Exception {
    SparkSetup setup = training.spark();
    FineTuneSettings settings = settings(setup.hadoopConfiguration(), console);
    FineTuneJob job = new FineTuneJob(setup.hadoopConfiguration(), settings, console);
    TrainingOptions.run("fovea fine-tune", setup, settings.run(), job::run);
    return ExitCode.DONE;
  }

  private FineTuneSettings settings(Configuration configuration, Console console)
      throws IOException {
    Require.atLeast("--critic-warmup-epochs", criticWarmupEpochs, 0);
    if (criticLearningRate != null) {
      Require.above("--critic-learning-rate", criticLearningRate, 0);
    }
    Checkpointing checkpointing = training.checkpointing();
    FineTuneOrigin origin =
        FineTuneOrigin.find(configuration, baseModelPath, checkpointing, console);
    double learningRate = training.optimization().adafactor().learningRate();
    return new FineTuneSettings(
        training.run(
            configuration, ratio(origin), "the base model's upscale ratio", checkpointing, console),
        origin,
        criticModelSize.config(),
        criticLearningRate == null ? learningRate : criticLearningRate,
        criticWarmupEpochs,
        adversarial);
  }

  private int ratio(FineTuneOrigin origin) {
    int ratio = origin.upscaler().upscaleRatio();
    if (upscaleRatio != null && upscaleRatio != ratio) {
      throw new UsageException(
          "--upscale-ratio",
          upscaleRatio,
          "the base model's is %d, which fine-tune keeps; leave the option out".formatted(ratio));
    }
    return ratio;
  }
}
