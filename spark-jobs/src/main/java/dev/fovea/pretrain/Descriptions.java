package dev.fovea.pretrain;

import dev.fovea.config.UpscalerConfig;
import dev.fovea.console.Figures;

/** Networks in words. */
final class Descriptions {
  private Descriptions() {}

  static String upscaler(UpscalerConfig upscaler) {
    return "%dx upscaler, %d channels, %d blocks: %s parameters"
        .formatted(
            upscaler.upscaleRatio(),
            upscaler.numChannels(),
            upscaler.numLayers(),
            Figures.count(upscaler.parameterCount()));
  }
}
