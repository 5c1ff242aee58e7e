package dev.fovea.upscaling;

import dev.fovea.config.UpscalerConfig;

/**
 * How a picture is cut for a network.
 *
 * @param tileSize the longest side of a tile in low-resolution pixels
 * @param overlap low-resolution pixels around a tile's core whose results are thrown away
 */
public record Tiling(int tileSize, int overlap) {
  /** Low-resolution pixels that PyTorch's bicubic upsampling reads beyond the one it enlarges. */
  private static final int BASE_UPSCALER_REACH = 2;

  /** Memory that the activations of one tile may take, in bytes. */
  private static final long ACTIVATIONS = 384L << 20;

  private static final int SMALLEST_CORE = 32;
  private static final int LARGEST_TILE = 1024;

  /**
   * @throws IllegalArgumentException if a tile has no core
   */
  public Tiling {
    if (overlap < 0 || tileSize <= 2 * overlap) {
      throw new IllegalArgumentException(
          "tile size %d is not above twice the overlap %d".formatted(tileSize, overlap));
    }
  }

  /**
   * An overlap beyond which nothing can change a core's result, so that tiles join without a trace,
   * and tiles as large as a bounded memory allows.
   */
  public static Tiling of(UpscalerConfig config) {
    int overlap = overlap(config);
    long output = 3L * config.upscaleRatio() * config.upscaleRatio();
    long floatsPerPixel = 2L * config.hiddenChannels() + 2L * config.numChannels() + 4 * output;
    int affordable = (int) Math.sqrt((double) ACTIVATIONS / (Float.BYTES * floatsPerPixel));
    int smallest = 2 * overlap + SMALLEST_CORE;
    return new Tiling(Math.max(smallest, Math.min(affordable, LARGEST_TILE)), overlap);
  }

  /** Low-resolution pixels on each side of a pixel that can change its result. */
  public static int overlap(UpscalerConfig config) {
    return config.receptiveRadius() + BASE_UPSCALER_REACH;
  }
}
