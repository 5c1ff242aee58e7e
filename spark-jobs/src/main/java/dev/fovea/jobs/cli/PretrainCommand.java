package dev.fovea.jobs.cli;

import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.training.stage1.PretrainJob;
import dev.fovea.jobs.training.stage1.PretrainOrigin;
import dev.fovea.jobs.training.stage1.PretrainSettings;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stage 1: trains an upscaler from photographs. */
@Command(
    name = "pretrain",
    description = "Train an upscaler on photographs (stage 1: MSE or L1, and total variation).")
final class PretrainCommand extends FoveaCommand {
  @Mixin private TrainingOptions training = new TrainingOptions();

  @Mixin private NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--registry",
      paramLabel = "FOLDER",
      description =
          "Start from the model in service in this registry, if there is one; see promote.")
  private String registry;

  @Override
  protected int run(Console console) throws Exception {
    SparkSetup setup = training.spark();
    PretrainSettings settings = settings(setup.hadoopConfiguration(), console);
    PretrainJob job = new PretrainJob(setup.hadoopConfiguration(), settings, console);
    TrainingOptions.run("fovea pretrain", setup, settings.run(), job::run);
    return ExitCode.DONE;
  }

  private PretrainSettings settings(Configuration configuration, Console console)
      throws IOException {
    return new PretrainSettings(
        training.run(
            configuration,
            network.upscaleRatio(),
            "--upscale-ratio",
            training.checkpointing(),
            console),
        network.config(),
        network.decoderGain(),
        registry == null
            ? Optional.empty()
            : PretrainOrigin.inService(configuration, registry, network.config(), console));
  }
}
