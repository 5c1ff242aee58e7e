package dev.fovea.cli;

import dev.fovea.augment.PairSettings;
import dev.fovea.console.Console;
import dev.fovea.pretrain.PretrainJob;
import dev.fovea.pretrain.PretrainOrigin;
import dev.fovea.pretrain.PretrainSettings;
import dev.fovea.spark.SparkSetup;
import dev.fovea.spark.SparkSetup.TaskFiles;
import dev.fovea.training.Checkpointing;
import dev.fovea.training.RunSettings;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stage 1: trains an upscaler from photographs. */
@Command(
    name = "pretrain",
    description = "Train an upscaler on photographs (stage 1: MSE or L1, and total variation).")
final class PretrainCommand extends FoveaCommand {
  @Mixin private RunOptions run = new RunOptions();

  @Mixin private PairOptions pairs = new PairOptions();

  @Mixin private NetworkOptions network = new NetworkOptions();

  @Mixin private OptimizationOptions optimization = new OptimizationOptions();

  @Mixin private CheckpointOptions checkpoints = new CheckpointOptions();

  @Option(
      names = "--registry",
      paramLabel = "FOLDER",
      description =
          "Start from the model in service in this registry, if there is one; see promote.")
  private String registry;

  @Mixin private EngineOptionsMixin engine = new EngineOptionsMixin();

  @Mixin private SparkOptions spark = new SparkOptions();

  @Override
  protected int run(Console console) throws Exception {
    SparkSetup setup = spark.setup();
    PretrainSettings settings = settings(setup.hadoopConfiguration(), console);
    PretrainJob job = new PretrainJob(setup.hadoopConfiguration(), settings, console);
    int workers = settings.run().parallelism().workers().orElse(1);
    try (JavaSparkContext context =
        setup.open("fovea pretrain", cores -> Math.max(1, cores / workers), TaskFiles.NONE)) {
      job.run(context);
    }
    return ExitCode.DONE;
  }

  private PretrainSettings settings(Configuration configuration, Console console)
      throws IOException {
    int evalInterval = run.evalInterval();
    PairSettings pairSettings = pairs.settings(network.upscaleRatio(), "--upscale-ratio");
    Checkpointing checkpointing = checkpoints.checkpointing();
    long seed = run.seed(configuration, checkpointing, console);
    return new PretrainSettings(
        new RunSettings(
            run.trainImages(),
            run.testImages(),
            pairSettings,
            optimization.epochs(seed, run.pictureWeight()),
            optimization.loss(),
            optimization.optimization(),
            optimization.budget(),
            run.parallelism(engine.choice()),
            checkpointing,
            evalInterval,
            run.onCorruptShard(),
            run.runDir(),
            run.tracking()),
        network.config(),
        network.decoderGain(),
        registry == null
            ? Optional.empty()
            : PretrainOrigin.inService(configuration, registry, network.config(), console));
  }
}
