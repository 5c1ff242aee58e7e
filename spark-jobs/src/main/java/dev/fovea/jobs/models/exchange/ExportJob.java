package dev.fovea.jobs.models.exchange;

import dev.fovea.jobs.runs.record.Versions;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ExistingFile;
import dev.fovea.jobs.support.files.WholeFile;
import dev.fovea.jobs.support.files.Writable;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.model.checkpoint.ConfigFile;
import dev.fovea.model.checkpoint.Manifest;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.exchange.OnnxModel;
import dev.fovea.model.exchange.ReferenceWeights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes an upscaler for other programs.
 *
 * @param settings how and where to
 * @param hadoop the file systems
 */
public record ExportJob(ExportSettings settings, Configuration hadoop) {
  private static final String CONFIG_FILE = "config.json";

  /**
   * Exports; files are written whole or not at all.
   *
   * @return the bytes of the file
   * @throws UsageException if something cannot be written there, or not in that number format
   */
  public long run(ModelWeights model) throws IOException {
    Path output = path(Setting.OUTPUT_PATH, settings.outputPath());
    requireNoCheckpoint(output);
    Writable.requireFree(hadoop, Setting.OUTPUT_PATH, output, settings.existing(), List.of());
    Writable.requireFile(hadoop, Setting.OUTPUT_PATH, output);
    Optional<Path> config = configPath(output);
    byte[] reference = ConfigFile.formatReference(model.config());
    if (config.isPresent()) {
      requireSameOrNone(config.get(), reference);
    }
    byte[] content;
    try {
      content = content(new TrainedUpscaler(model.config(), model.parameters()));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          Setting.PRECISION, ExportSettings.id(settings.precision()), e.getMessage());
    }
    if (config.isPresent()) {
      WholeFile.write(hadoop, config.get(), reference);
    }
    WholeFile.write(hadoop, output, content);
    return content.length;
  }

  private byte[] content(TrainedUpscaler upscaler) throws IOException {
    return switch (settings.format()) {
      case ONNX ->
          OnnxModel.of(
              upscaler.config(),
              upscaler.parameters(),
              settings.precision(),
              metadata(upscaler.config()));
      case SAFETENSORS -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReferenceWeights.write(upscaler, settings.precision(), out);
        yield out.toByteArray();
      }
    };
  }

  private static Map<String, String> metadata(UpscalerConfig config) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("base_upscaler", config.baseUpscaler().id());
    metadata.put("upscale_ratio", Integer.toString(config.upscaleRatio()));
    metadata.put("num_channels", Integer.toString(config.numChannels()));
    metadata.put("hidden_ratio", Integer.toString(config.hiddenRatio()));
    metadata.put("num_layers", Integer.toString(config.numLayers()));
    metadata.put("fovea", Versions.fovea());
    return metadata;
  }

  private Optional<Path> configPath(Path output) {
    return switch (settings.format()) {
      case ONNX -> Optional.empty();
      case SAFETENSORS ->
          Optional.of(
              settings
                  .configPath()
                  .map(given -> path(Setting.CONFIG_PATH, given))
                  .orElseGet(() -> sibling(output, CONFIG_FILE)));
    };
  }

  /** A checkpoint's files have these very names. */
  private void requireNoCheckpoint(Path output) throws IOException {
    Path manifest = sibling(output, Manifest.NAME);
    if (manifest.getFileSystem(hadoop).exists(manifest)) {
      throw new UsageException(
          Setting.OUTPUT_PATH, output, "its folder is a checkpoint; name another");
    }
  }

  private void requireSameOrNone(Path config, byte[] content) throws IOException {
    FileSystem files = config.getFileSystem(hadoop);
    if (!files.exists(config)) {
      Writable.requireFile(hadoop, Setting.CONFIG_PATH, config);
      return;
    }
    byte[] there =
        new InputOption(Setting.CONFIG_PATH, config.toString()).readSmall(hadoop, 1 << 20);
    if (settings.existing() == ExistingFile.KEEP && !Arrays.equals(there, content)) {
      throw new UsageException(
          Setting.CONFIG_PATH,
          config,
          "a file of another content is there; %s replaces it".formatted(Setting.OVERWRITE));
    }
  }

  private static Path sibling(Path path, String name) {
    return path.getParent() == null ? new Path(name) : new Path(path.getParent(), name);
  }

  private static Path path(Setting setting, String value) {
    try {
      return new Path(value);
    } catch (IllegalArgumentException e) {
      throw new UsageException(setting, value, "it is no path: " + e.getMessage());
    }
  }
}
