package dev.fovea.jobs.cli;

import dev.fovea.jobs.models.exchange.ImportJob;
import dev.fovea.jobs.models.exchange.ImportSettings;
import dev.fovea.jobs.models.store.CheckpointStore.Existing;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.config.UpscalerConfig;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a checkpoint of weights of the PyTorch reference. */
@Command(
    name = "import",
    description = {
      "Make a checkpoint of weights of the PyTorch reference, in safetensors.",
      "fp32, fp16 or bf16; with or without a leading _orig_mod.; with weight norm or folded. Tensors"
          + " that are missing, surplus or of another shape are named."
    })
final class ImportCommand extends FoveaCommand {
  @Option(
      names = "--weights",
      required = true,
      paramLabel = "FILE",
      description = "The reference's model.safetensors; local or any Hadoop path.")
  private String weights;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The reference's config.json.")
  private String config;

  @Option(
      names = "--checkpoint-path",
      required = true,
      paramLabel = "FOLDER",
      description = "The folder that receives the checkpoint.")
  private String checkpointPath;

  @Option(
      names = "--terms",
      paramLabel = "TEXT",
      description = "Under which terms the weights may be used; fovea info shows them.")
  private String terms;

  @Option(
      names = "--overwrite",
      description = "Delete the checkpoints in the checkpoint path first.")
  private boolean overwrite;

  @Override
  protected int run(Console console) throws Exception {
    ImportSettings settings =
        new ImportSettings(
            weights,
            config,
            checkpointPath,
            overwrite ? Existing.OVERWRITE : Existing.REFUSE,
            Optional.ofNullable(terms));
    Checkpoint checkpoint =
        new ImportJob(settings, SparkSetup.embedded().hadoopConfiguration(), console::note).run();
    UpscalerConfig shape = checkpoint.upscaler().config();
    console.line(
        "%s: %dx upscaler, %d channels, %d blocks, %s parameters"
            .formatted(
                checkpointPath,
                shape.upscaleRatio(),
                shape.numChannels(),
                shape.numLayers(),
                Figures.count(shape.parameterCount())));
    return ExitCode.DONE;
  }
}
