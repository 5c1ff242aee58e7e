package dev.fovea.jobs.training.stage1;

import dev.fovea.jobs.training.loop.RunSettings;
import dev.fovea.model.config.UpscalerConfig;
import java.util.Optional;

/**
 * Everything that decides what a pretraining run computes and where it leaves it.
 *
 * @param run what both stages have
 * @param upscaler the network
 * @param decoderGain factor on the decoder's initial gain, above 0; below 1 the network begins
 *     nearer to its base upscaler
 * @param origin the model whose weights training starts from; empty for PyTorch's initialisation
 */
public record PretrainSettings(
    RunSettings run, UpscalerConfig upscaler, double decoderGain, Optional<PretrainOrigin> origin) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public PretrainSettings {
    if (run.pairs().upscaleRatio() != upscaler.upscaleRatio()) {
      throw new IllegalArgumentException(
          "pairs of ratio %d do not fit an upscaler of ratio %d"
              .formatted(run.pairs().upscaleRatio(), upscaler.upscaleRatio()));
    }
    if (origin.isPresent() && !origin.get().upscaler().config().equals(upscaler)) {
      throw new IllegalArgumentException(
          "%s holds %s, the options ask for %s"
              .formatted(origin.get().name(), origin.get().upscaler().config(), upscaler));
    }
    if (!(decoderGain > 0) || Double.isInfinite(decoderGain)) {
      throw new IllegalArgumentException("decoder gain %s is not above 0".formatted(decoderGain));
    }
  }
}
