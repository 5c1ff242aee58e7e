package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.support.console.Figures;
import dev.fovea.model.config.UpscalerConfig;

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
