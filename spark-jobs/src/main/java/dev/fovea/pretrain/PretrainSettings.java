package dev.fovea.pretrain;

import dev.fovea.config.UpscalerConfig;

/**
 * Everything that decides what a pretraining run computes and where it leaves it.
 *
 * @param run what both stages have
 * @param upscaler the network
 * @param decoderGain factor on the decoder's initial gain, above 0; below 1 the network begins
 *     nearer to its base upscaler
 */
public record PretrainSettings(RunSettings run, UpscalerConfig upscaler, double decoderGain) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public PretrainSettings {
    if (run.pairs().upscaleRatio() != upscaler.upscaleRatio()) {
      throw new IllegalArgumentException(
          "pairs of ratio %d do not fit an upscaler of ratio %d"
              .formatted(run.pairs().upscaleRatio(), upscaler.upscaleRatio()));
    }
    if (!(decoderGain > 0) || Double.isInfinite(decoderGain)) {
      throw new IllegalArgumentException("decoder gain %s is not above 0".formatted(decoderGain));
    }
  }
}
