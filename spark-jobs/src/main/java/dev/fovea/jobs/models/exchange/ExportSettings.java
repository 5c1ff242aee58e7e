package dev.fovea.jobs.models.exchange;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.ExistingFile;
import dev.fovea.model.checkpoint.ElementType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How to export a checkpoint, and where to.
 *
 * @param format of the file
 * @param precision {@code F32} or {@code F16}; for safetensors also {@code BF16}
 * @param outputPath the file to write
 * @param configPath the reference's config.json to write beside safetensors; beside the output
 *     where it is not given
 * @param existing what becomes of a file that is there
 */
public record ExportSettings(
    Format format,
    ElementType precision,
    String outputPath,
    Optional<String> configPath,
    ExistingFile existing) {

  /** What can be written. */
  public enum Format {
    /** For onnxruntime and the like: weight norm folded, any batch, height and width. */
    ONNX,
    /** The PyTorch reference's layout, with its weight norm. */
    SAFETENSORS
  }

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  public ExportSettings {
    if (format == Format.ONNX && precision == ElementType.BF16) {
      throw new UsageException(
          Setting.PRECISION,
          "bf16",
          "fp32 or fp16 is allowed with %s onnx".formatted(Setting.FORMAT));
    }
    if (outputPath.isBlank()) {
      throw new UsageException(Setting.OUTPUT_PATH, outputPath, "a file is needed");
    }
    if (format == Format.ONNX && configPath.isPresent()) {
      throw new UsageException(
          Setting.CONFIG_PATH, configPath.get(), "an ONNX file needs none; leave the option out");
    }
  }

  /**
   * Reads {@code onnx} or {@code safetensors}.
   *
   * @throws UsageException naming what is allowed
   */
  public static Format format(String id) {
    return Arrays.stream(Format.values())
        .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(id))
        .findFirst()
        .orElseThrow(
            () -> new UsageException(Setting.FORMAT, id, "onnx or safetensors is allowed"));
  }

  /**
   * Reads {@code fp32}, {@code fp16} or {@code bf16}.
   *
   * @throws UsageException naming what is allowed
   */
  public static ElementType precision(String id) {
    return Arrays.stream(ElementType.values())
        .filter(type -> id(type).equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    Setting.PRECISION,
                    id,
                    "one of %s is allowed"
                        .formatted(
                            Arrays.stream(ElementType.values())
                                .map(ExportSettings::id)
                                .collect(Collectors.joining(", ")))));
  }

  /** The spelling of a number format in options. */
  static String id(ElementType type) {
    return switch (type) {
      case F32 -> "fp32";
      case F16 -> "fp16";
      case BF16 -> "bf16";
    };
  }
}
