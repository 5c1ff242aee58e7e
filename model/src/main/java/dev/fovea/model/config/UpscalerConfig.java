package dev.fovea.model.config;

import java.util.List;

/**
 * The shape of the residual upscaler.
 *
 * @param baseUpscaler the interpolation that the residual is added to
 * @param upscaleRatio 2, 4 or 8
 * @param numChannels channels C of the trunk, 1 or more
 * @param hiddenRatio 1, 2 or 4: a block widens C channels to C * hiddenRatio
 * @param numLayers residual blocks, 1 or more
 */
public record UpscalerConfig(
    BaseUpscaler baseUpscaler, int upscaleRatio, int numChannels, int hiddenRatio, int numLayers) {

  public static final List<Integer> UPSCALE_RATIOS = List.of(2, 4, 8);
  public static final List<Integer> HIDDEN_RATIOS = List.of(1, 2, 4);

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public UpscalerConfig {
    if (baseUpscaler == null) {
      throw new IllegalArgumentException("base upscaler is missing");
    }
    if (!UPSCALE_RATIOS.contains(upscaleRatio)) {
      throw new IllegalArgumentException(
          "upscale ratio %d is not one of %s".formatted(upscaleRatio, UPSCALE_RATIOS));
    }
    if (numChannels < 1) {
      throw new IllegalArgumentException(
          "number of channels %d is not 1 or more".formatted(numChannels));
    }
    if (!HIDDEN_RATIOS.contains(hiddenRatio)) {
      throw new IllegalArgumentException(
          "hidden ratio %d is not one of %s".formatted(hiddenRatio, HIDDEN_RATIOS));
    }
    if (numLayers < 1) {
      throw new IllegalArgumentException(
          "number of layers %d is not 1 or more".formatted(numLayers));
    }
  }

  /** Channels inside a residual block. */
  public int hiddenChannels() {
    return numChannels * hiddenRatio;
  }

  /** Trainable parameters: direction v, gain g and bias of every convolution. */
  public long parameterCount() {
    return convolution(3, numChannels, 5)
        + numLayers
            * (convolution(numChannels, hiddenChannels(), 3)
                + convolution(hiddenChannels(), numChannels, 3))
        + convolution(numChannels, 3L * upscaleRatio * upscaleRatio, 3);
  }

  /** Low-resolution pixels on each side of a pixel that can change its result. */
  public int receptiveRadius() {
    return 2 + 2 * numLayers + 1;
  }

  /**
   * Multiplications with an addition each that its convolutions take for a picture, weight norm
   * folded; the interpolation, which is little beside them, is not counted, as is usual.
   *
   * @param height of the low-resolution picture
   * @param width of the low-resolution picture
   */
  public long multiplyAdds(int height, int width) {
    long blocks = 2L * numLayers * numChannels * hiddenChannels() * 9;
    long perPixel =
        3L * numChannels * 25 + blocks + 27L * numChannels * upscaleRatio * upscaleRatio;
    return perPixel * height * width;
  }

  private static long convolution(long in, long out, long kernel) {
    return out * in * kernel * kernel + 2 * out;
  }
}
