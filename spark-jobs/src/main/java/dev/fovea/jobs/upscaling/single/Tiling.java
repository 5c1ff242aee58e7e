package dev.fovea.jobs.upscaling.single;

import dev.fovea.model.config.UpscalerConfig;

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

  /**
   * From 32 MiB on glibc takes every block from the system and gives it back, which costs a page
   * fault for each 4 KiB: a quarter of the time of a convolution.
   */
  private static final long CPU_ACTIVATION = 31L << 20;

  private static final int SMALLEST_CORE = 32;
  private static final int LARGEST_TILE = 1024;
  private static final int EVEN_TO = 8;

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

  /**
   * Tiles of even sizes: as few as tiles of {@link #tileSize()} would be, and no larger than they
   * then need to be, so that a picture little larger than a tile is not computed twice.
   *
   * @param coreRows at most so many rows of pixels are finished by a row of tiles, 1 or more
   */
  public TilePlan evenPlan(int height, int width, int coreRows) {
    int tallest = Math.min(tileSize, Math.max(1, coreRows) + 2 * overlap);
    return TilePlan.of(height, width, even(height, tallest), even(width, tileSize), overlap);
  }

  /**
   * Low-resolution pixels that a CPU does best to take at once. It gains nothing from more, where a
   * GPU would stay half empty.
   */
  public static int cpuBatchPixels(UpscalerConfig config) {
    return (int) (CPU_ACTIVATION / (Float.BYTES * (long) config.hiddenChannels()));
  }

  private int even(int length, int largest) {
    if (length <= largest) {
      return Math.max(length, 2 * overlap + 1);
    }
    int between = largest - 2 * overlap;
    int tiles = (length - 2 * overlap + between - 1) / between;
    int needed = (length + 2 * overlap * (tiles - 1) + tiles - 1) / tiles;
    int rounded = (needed + EVEN_TO - 1) / EVEN_TO * EVEN_TO; // So that fewer sizes occur.
    return Math.max(2 * overlap + 1, Math.min(largest, rounded));
  }

  /** Low-resolution pixels on each side of a pixel that can change its result. */
  public static int overlap(UpscalerConfig config) {
    return config.receptiveRadius() + BASE_UPSCALER_REACH;
  }
}
