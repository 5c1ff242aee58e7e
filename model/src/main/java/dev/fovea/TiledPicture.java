package dev.fovea;

import dev.fovea.model.config.UpscalerConfig;

/**
 * Upscales a picture piece by piece: each core with a margin around it, of whose result the core's
 * is kept. The margin is as wide as anything can be that changes the core's result.
 *
 * @param ratio by which pictures grow
 * @param core pixels on each side of a core
 * @param margin pixels around a core
 */
record TiledPicture(int ratio, int core, int margin) {
  /** Low-resolution pixels that the base upscaler reads beyond the one it enlarges. */
  private static final int BASE_UPSCALER_REACH = 2;

  /** Memory that the activations of one tile may take, in bytes. */
  private static final long ACTIVATIONS = 256L << 20;

  private static final int SMALLEST_CORE = 32;

  /** Upscales one tile. */
  @FunctionalInterface
  interface Network {
    /** Upscales [3, rows, columns]. */
    float[] upscale(float[] tile, int rows, int columns);
  }

  static TiledPicture of(UpscalerConfig config) {
    int margin = config.receptiveRadius() + BASE_UPSCALER_REACH;
    long output = 3L * config.upscaleRatio() * config.upscaleRatio();
    long floats = 2L * config.hiddenChannels() + 2L * config.numChannels() + 4 * output;
    int side = (int) Math.sqrt((double) ACTIVATIONS / (Float.BYTES * floats));
    return new TiledPicture(
        config.upscaleRatio(), Math.max(SMALLEST_CORE, side - 2 * margin), margin);
  }

  /** Whether pictures of this size can be upscaled at once. */
  boolean fits(int batch, int height, int width) {
    long side = core + 2L * margin;
    return (long) batch * height * width <= side * side;
  }

  /**
   * Upscales a picture.
   *
   * @param low holds [3, height, width] from {@code lowOffset} on
   * @param high receives [3, r height, r width] from {@code highOffset} on
   */
  void upscale(
      float[] low,
      int lowOffset,
      int height,
      int width,
      float[] high,
      int highOffset,
      Network network) {
    for (int y = 0; y < height; y += core) {
      for (int x = 0; x < width; x += core) {
        int top = Math.max(0, y - margin);
        int left = Math.max(0, x - margin);
        int rows = Math.min(height, y + core + margin) - top;
        int columns = Math.min(width, x + core + margin) - left;
        float[] tile = new float[3 * rows * columns];
        for (int line = 0; line < 3 * rows; line++) {
          int from = (line / rows * height + top + line % rows) * width + left;
          System.arraycopy(low, lowOffset + from, tile, line * columns, columns);
        }
        float[] large = network.upscale(tile, rows, columns);
        int keptRows = ratio * (Math.min(height, y + core) - y);
        int keptColumns = ratio * (Math.min(width, x + core) - x);
        for (int line = 0; line < 3 * keptRows; line++) {
          int plane = line / keptRows;
          int row = line % keptRows;
          int from =
              (plane * ratio * rows + ratio * (y - top) + row) * ratio * columns
                  + ratio * (x - left);
          int to = (plane * ratio * height + ratio * y + row) * ratio * width + ratio * x;
          System.arraycopy(large, from, high, highOffset + to, keptColumns);
        }
      }
    }
  }
}
