package dev.fovea.training;

import dev.fovea.config.UpscalerConfig;
import dev.fovea.console.Figures;

/** Networks in words. */
public final class Descriptions {
  private Descriptions() {}

  /** A line about an upscaler. */
  public static String upscaler(UpscalerConfig upscaler) {
    return "%dx upscaler, %d channels, %d blocks: %s parameters"
        .formatted(
            upscaler.upscaleRatio(),
            upscaler.numChannels(),
            upscaler.numLayers(),
            Figures.count(upscaler.parameterCount()));
  }
}
