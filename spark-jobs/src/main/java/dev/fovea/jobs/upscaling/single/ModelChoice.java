package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.shipped.ShippedModel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Which model a command shall use, as the user says it.
 *
 * @param checkpoint a checkpoint path, a registry or the name of a shipped model
 * @param model the size or the name of a shipped model
 * @param upscaleRatio 2, 4 or 8; empty for that of the model
 */
public record ModelChoice(
    Optional<String> checkpoint, Optional<String> model, OptionalInt upscaleRatio) {
  private static final int DEFAULT_RATIO = 4;

  /**
   * @throws UsageException if both a checkpoint and a shipped model are named, or the ratio is none
   *     that there is
   */
  public ModelChoice {
    if (checkpoint.isPresent() && model.isPresent()) {
      throw new UsageException(
          Setting.MODEL,
          model.get(),
          Setting.CHECKPOINT_PATH + " names a model, too; one of them is allowed");
    }
    if (upscaleRatio.isPresent()
        && !UpscalerConfig.UPSCALE_RATIOS.contains(upscaleRatio.getAsInt())) {
      throw new UsageException(
          Setting.UPSCALE_RATIO, upscaleRatio.getAsInt(), "one of 2, 4 and 8 is needed");
    }
  }

  /** The checkpoint that is named, or whatever is found without one. */
  public static ModelChoice ofCheckpoint(Optional<String> checkpoint) {
    return new ModelChoice(checkpoint, Optional.empty(), OptionalInt.empty());
  }

  /**
   * The shipped model that is meant where no checkpoint is.
   *
   * @throws UsageException if there is none, naming those there are
   */
  ShippedModel shipped() {
    String size = model.orElse(ShippedModel.QUALITY);
    int ratio = upscaleRatio.orElse(DEFAULT_RATIO);
    return ShippedModel.named(size)
        .or(() -> ShippedModel.of(ratio, size))
        .orElseThrow(
            () ->
                model.isPresent()
                    ? new UsageException(Setting.MODEL, size, none(ratio))
                    : new UsageException(Setting.UPSCALE_RATIO, ratio, none(ratio)));
  }

  private static String none(int ratio) {
    return "no such model for %dx is shipped; there are: %s; %s names one of yours"
        .formatted(
            ratio,
            ShippedModel.all().stream().map(ShippedModel::name).collect(Collectors.joining(", ")),
            Setting.CHECKPOINT_PATH);
  }
}
