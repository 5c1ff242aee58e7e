package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.pictures.pairs.CropMode;
import dev.fovea.pictures.pairs.Downscaler;
import dev.fovea.pictures.pairs.Flips;
import dev.fovea.pictures.pairs.PairSettings;
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
   * @param upscaleRatio of the upscaler
   * @param source what says so, for errors
   * @throws UsageException naming the option, the value and what is allowed
   */
  PairSettings settings(int upscaleRatio, String source) {
    Require.atLeast("--target-resolution", targetResolution, 1);
    if (targetResolution % upscaleRatio != 0) {
      throw new UsageException(
          "--target-resolution",
          targetResolution,
          "a multiple of %s %d is allowed".formatted(source, upscaleRatio));
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
