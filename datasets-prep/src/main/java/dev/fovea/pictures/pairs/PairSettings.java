package dev.fovea.pictures.pairs;

import java.io.Serializable;

/**
 * How training pairs are made.
 *
 * @param targetResolution side of the high-resolution square in pixels, a multiple of the ratio
 * @param upscaleRatio high-resolution pixels per low-resolution pixel along a side, 1 or more
 * @param cropMode how the square is cut out
 * @param downscaler how the low-resolution side is made
 * @param brightness factor drawn from [max(0, 1 - x), 1 + x]; 0 leaves it alone
 * @param contrast likewise
 * @param saturation likewise
 * @param hue turn of the colour circle drawn from [-x, x], 0 to 0.5; 0 leaves it alone
 * @param flips which mirrorings occur
 */
public record PairSettings(
    int targetResolution,
    int upscaleRatio,
    CropMode cropMode,
    Downscaler downscaler,
    double brightness,
    double contrast,
    double saturation,
    double hue,
    Flips flips)
    implements Serializable {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public PairSettings {
    if (upscaleRatio < 1) {
      throw new IllegalArgumentException(
          "upscale ratio %d is not 1 or more".formatted(upscaleRatio));
    }
    if (targetResolution < 1 || targetResolution % upscaleRatio != 0) {
      throw new IllegalArgumentException(
          "target resolution %d is not a positive multiple of the upscale ratio %d"
              .formatted(targetResolution, upscaleRatio));
    }
    if (cropMode == null || downscaler == null || flips == null) {
      throw new IllegalArgumentException("crop mode, downscaler or flips are missing");
    }
    checkJitter("brightness", brightness, Double.MAX_VALUE);
    checkJitter("contrast", contrast, Double.MAX_VALUE);
    checkJitter("saturation", saturation, Double.MAX_VALUE);
    checkJitter("hue", hue, 0.5);
  }

  /** Side of the low-resolution square in pixels. */
  public int lowResolution() {
    return targetResolution / upscaleRatio;
  }

  /** Floats of the high-resolution side, 3 x targetResolution x targetResolution. */
  public int highLength() {
    return 3 * targetResolution * targetResolution;
  }

  /** Floats of the low-resolution side, 3 x lowResolution x lowResolution. */
  public int lowLength() {
    return 3 * lowResolution() * lowResolution();
  }

  private static void checkJitter(String name, double value, double maximum) {
    if (!(value >= 0 && value <= maximum)) {
      throw new IllegalArgumentException(
          maximum == 0.5
              ? "%s jitter %s is not from 0 to 0.5".formatted(name, value)
              : "%s jitter %s is not 0 or more".formatted(name, value));
    }
  }
}
