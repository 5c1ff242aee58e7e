package dev.fovea.jobs.cli;

import dev.fovea.jobs.models.exchange.ExportJob;
import dev.fovea.jobs.models.exchange.ExportSettings;
import dev.fovea.jobs.models.exchange.ExportSettings.Format;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.files.ExistingFile;
import dev.fovea.jobs.upscaling.single.ModelChoice;
import dev.fovea.jobs.upscaling.single.ModelSearch;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.model.exchange.OnnxModel;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes an upscaler for other programs. */
@Command(
    name = "export",
    description = {
      "Write an upscaler for other programs.",
      "onnx: opset "
          + OnnxModel.OPSET
          + ", weight norm folded, any batch, height and width; input x [B, 3, H, W] and output y"
          + " [B, 3, rH, rW] are fp32 RGB in 0..1, in fp16 too.",
      "safetensors: the layout of the PyTorch reference, with its config.json beside it."
    })
final class ExportCommand extends FoveaCommand {
  @Option(
      names = "--checkpoint-path",
      paramLabel = "FOLDER",
      description =
          "The model's checkpoint, or the name of a shipped model; without it"
              + " ./checkpoints/fine-tuned, else ./checkpoints/checkpoint, else x4-quality.")
  private String checkpointPath;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "NAME",
      description = "onnx or safetensors.")
  private String format;

  @Option(
      names = "--precision",
      defaultValue = "fp32",
      paramLabel = "FORMAT",
      description = "Number format of the weights: fp32 or fp16; for safetensors also bf16.")
  private String precision;

  @Option(
      names = "--output-path",
      required = true,
      paramLabel = "FILE",
      description = "The file to write; local or any Hadoop path.")
  private String outputPath;

  @Option(
      names = "--config-path",
      paramLabel = "FILE",
      description =
          "Where the reference's config.json goes; without it, beside the safetensors file.")
  private String configPath;

  @Option(names = "--overwrite", description = "Replace files that are there.")
  private boolean overwrite;

  @Override
  protected int run(Console console) throws Exception {
    ExportSettings settings =
        new ExportSettings(
            ExportSettings.format(format),
            ExportSettings.precision(precision),
            outputPath,
            Optional.ofNullable(configPath),
            overwrite ? ExistingFile.REPLACE : ExistingFile.KEEP);
    Configuration hadoop = SparkSetup.embedded().hadoopConfiguration();
    ModelWeights model =
        new ModelSearch(hadoop, console::note)
            .weights(ModelChoice.ofCheckpoint(Optional.ofNullable(checkpointPath)));
    long bytes = new ExportJob(settings, hadoop).run(model);
    console.line(
        "%s: %s%s, %s, %s"
            .formatted(
                outputPath,
                format,
                settings.format() == Format.ONNX ? " opset " + OnnxModel.OPSET : "",
                precision,
                Figures.bytes(bytes)));
    return ExitCode.DONE;
  }
}
