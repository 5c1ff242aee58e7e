package dev.fovea.model.engine.vector;

/**
 * What a layer computed of pictures of one size: NHWC, between zeros. Around each picture lies a
 * border of one pixel, and as many more below and to the right as whole tiles need; both and the
 * channels that pad the last group are zeros, and are never written to.
 *
 * @param batch pictures
 * @param height of a picture
 * @param width of a picture
 * @param channels a multiple of {@link Kernels#GROUP}
 * @param values all of them
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose
record Activations(int batch, int height, int width, int channels, float[] values) {
  /**
   * All zero.
   *
   * @throws OutOfMemoryError if they do not fit the heap, or no array does
   */
  static Activations of(int batch, int height, int width, int channels) {
    double length = (double) batch * padded(height) * padded(width) * channels;
    if (length > Integer.MAX_VALUE - 8) {
      throw new OutOfMemoryError(
          "%d channels of %d x %d pixels fit no array".formatted(channels, width, height));
    }
    return new Activations(batch, height, width, channels, new float[(int) length]);
  }

  /** Tiles beside each other that cover a side. */
  static int tiles(int side) {
    return (side + Winograd.OUTPUT - 1) / Winograd.OUTPUT;
  }

  private static int padded(int side) {
    return tiles(side) * Winograd.OUTPUT + 2;
  }

  /** Tiles of all pictures. */
  int tiles() {
    return batch * tiles(height) * tiles(width);
  }

  /** Floats from a pixel to the one below. */
  int rowLength() {
    return padded(width) * channels;
  }

  /** Where a pixel's channels begin. */
  int at(int picture, int y, int x) {
    return ((picture * padded(height) + y + 1) * padded(width) + x + 1) * channels;
  }

  /** Whether they hold as many pictures of that size. */
  boolean hold(int pictures, int rows, int columns) {
    return batch == pictures && height == rows && width == columns;
  }
}
