package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import picocli.CommandLine.Option;

/** The options that shape an upscaler. */
final class NetworkOptions {
  @Option(
      names = "--upscale-ratio",
      defaultValue = "4",
      paramLabel = "R",
      order = 14,
      description = "2, 4 or 8.")
  private int upscaleRatio;

  @Option(
      names = "--base-upscaler",
      defaultValue = "bicubic",
      paramLabel = "NAME",
      order = 50,
      description = "What the network's residual is added to: bicubic or bilinear.")
  private BaseUpscaler baseUpscaler;

  @Option(
      names = "--num-channels",
      defaultValue = "128",
      paramLabel = "C",
      order = 51,
      description = "Channels of the network.")
  private int numChannels;

  @Option(
      names = "--hidden-ratio",
      defaultValue = "2",
      paramLabel = "H",
      order = 52,
      description = "How much wider a block is inside: 1, 2 or 4.")
  private int hiddenRatio;

  @Option(
      names = "--num-layers",
      defaultValue = "16",
      paramLabel = "N",
      order = 53,
      description = "Residual blocks of the network.")
  private int numLayers;

  @Option(
      names = "--decoder-gain",
      defaultValue = "1",
      paramLabel = "X",
      order = 54,
      description = "Factor on the last convolution's initial gain.")
  private double decoderGain;

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  int upscaleRatio() {
    Require.oneOf("--upscale-ratio", upscaleRatio, UpscalerConfig.UPSCALE_RATIOS);
    return upscaleRatio;
  }

  double decoderGain() {
    Require.above("--decoder-gain", decoderGain, 0);
    return decoderGain;
  }

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  UpscalerConfig config() {
    Require.atLeast("--num-channels", numChannels, 1);
    Require.oneOf("--hidden-ratio", hiddenRatio, UpscalerConfig.HIDDEN_RATIOS);
    Require.atLeast("--num-layers", numLayers, 1);
    return new UpscalerConfig(baseUpscaler, upscaleRatio(), numChannels, hiddenRatio, numLayers);
  }
}
