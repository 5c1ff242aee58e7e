package dev.fovea.cli;

import dev.fovea.augment.CropMode;
import dev.fovea.augment.Downscaler;
import dev.fovea.augment.Flips;
import dev.fovea.augment.PairSettings;
import dev.fovea.config.UpscalerConfig;
import dev.fovea.console.UsageException;
import picocli.CommandLine.Option;

/** The options that say how training pairs are made. */
final class PairOptions {
  @Option(
      names = "--target-resolution",
      defaultValue = "256",
      paramLabel = "PIXELS",
      order = 13,
      description = "Side of the high-resolution crops, a multiple of the upscale ratio.")
  private int targetResolution;

  @Option(
      names = "--upscale-ratio",
      defaultValue = "4",
      paramLabel = "R",
      order = 14,
      description = "2, 4 or 8.")
  private int upscaleRatio;

  @Option(
      names = "--crop-mode",
      defaultValue = "native",
      paramLabel = "MODE",
      order = 15,
      description =
          "native: crops at the pictures' own resolution, too small pictures are left out and"
              + " counted; resized: random parts resized, as the reference does.")
  private CropMode cropMode;

  @Option(
      names = "--downscaler",
      defaultValue = "bicubic",
      paramLabel = "NAME",
      order = 16,
      description =
          "How low resolution is made: bicubic as MATLAB's imresize in 8 bit, or bilinear as the"
              + " reference.")
  private Downscaler downscaler;

  @Option(
      names = "--flips",
      defaultValue = "horizontal",
      paramLabel = "WHICH",
      order = 17,
      description = "horizontal, or all eight flips and quarter turns.")
  private Flips flips;

  @Option(
      names = "--brightness-jitter",
      defaultValue = "0.1",
      paramLabel = "X",
      order = 20,
      description = "Brightness is multiplied by 1-X to 1+X.")
  private double brightnessJitter;

  @Option(
      names = "--contrast-jitter",
      defaultValue = "0.1",
      paramLabel = "X",
      order = 21,
      description = "Contrast likewise.")
  private double contrastJitter;

  @Option(
      names = "--saturation-jitter",
      defaultValue = "0.1",
      paramLabel = "X",
      order = 22,
      description = "Saturation likewise.")
  private double saturationJitter;

  @Option(
      names = "--hue-jitter",
      defaultValue = "0.1",
      paramLabel = "X",
      order = 23,
      description = "Hue is turned by -X to X of the colour circle, X at most 0.5.")
  private double hueJitter;

  /**
   * @throws UsageException naming the option, the value and what is allowed
   */
  PairSettings settings() {
    Require.oneOf("--upscale-ratio", upscaleRatio, UpscalerConfig.UPSCALE_RATIOS);
    Require.atLeast("--target-resolution", targetResolution, 1);
    if (targetResolution % upscaleRatio != 0) {
      throw new UsageException(
          "--target-resolution",
          targetResolution,
          "a multiple of --upscale-ratio %d is allowed".formatted(upscaleRatio));
    }
    Require.atLeast("--brightness-jitter", brightnessJitter, 0);
    Require.atLeast("--contrast-jitter", contrastJitter, 0);
    Require.atLeast("--saturation-jitter", saturationJitter, 0);
    Require.within("--hue-jitter", hueJitter, 0, 0.5);
    return new PairSettings(
        targetResolution,
        upscaleRatio,
        cropMode,
        downscaler,
        brightnessJitter,
        contrastJitter,
        saturationJitter,
        hueJitter,
        flips);
  }
}
