package dev.fovea.model.engine.vector;

import java.util.Arrays;

/**
 * The convolution of pictures, which have too few channels for minimal filtering: a product with
 * the matrix of each pixel's surroundings. Immutable, for any number of threads.
 */
final class InputConvolution {
  private static final int COLOURS = 3;
  private static final int SIDE = 5;

  /** Pixels that it looks at beyond its own, on each side. */
  private static final int REACH = SIDE / 2;

  private static final int TAPS = COLOURS * SIDE * SIDE;
  private static final int DEPTH = Winograd.padded(TAPS);

  private final int outputs;
  private final float[] kernels;
  private final float[] bias;

  /**
   * @param weights [O, 3, 5, 5]
   * @param bias [O]
   */
  InputConvolution(float[] weights, float[] bias) {
    outputs = Winograd.padded(bias.length);
    this.bias = Arrays.copyOf(bias, outputs);
    kernels = new float[DEPTH * outputs];
    for (int o = 0; o < bias.length; o++) {
      for (int k = 0; k < TAPS; k++) {
        kernels[Winograd.panelIndex(k, o, DEPTH, outputs)] = weights[o * TAPS + k];
      }
    }
  }

  /**
   * Computes the layer, row by row.
   *
   * @param pictures NCHW
   */
  void apply(float[] pictures, Activations y, Workers workers) {
    workers.each(y.batch() * y.height(), (row, scratch) -> computeRow(pictures, y, row));
  }

  private void computeRow(float[] pictures, Activations y, int row) {
    int width = y.width();
    int packs = (width + Kernels.ROWS - 1) / Kernels.ROWS;
    float[] surroundings = new float[packs * Kernels.ROWS * DEPTH];
    int picture = row / y.height();
    int line = row % y.height();
    for (int k = 0; k < TAPS; k++) {
      int above = line + k / SIDE % SIDE - REACH;
      if (above >= 0 && above < y.height()) {
        int shift = k % SIDE - REACH;
        int from = ((picture * COLOURS + k / (SIDE * SIDE)) * y.height() + above) * width + shift;
        int to = k / Kernels.GROUP * Kernels.PACK + k % Kernels.GROUP;
        for (int x = Math.max(0, -shift); x < Math.min(width, width - shift); x++) {
          surroundings[
                  x / Kernels.ROWS * Kernels.ROWS * DEPTH + x % Kernels.ROWS * Kernels.GROUP + to] =
              pictures[from + x];
        }
      }
    }
    float[] products = new float[packs * Kernels.ROWS * outputs];
    Kernels.multiply(
        surroundings, 0, packs * Kernels.ROWS, DEPTH, kernels, 0, outputs, products, 0);
    for (int x = 0; x < width; x++) {
      Kernels.store(products, x * outputs, bias, 0, outputs, y.values(), y.at(picture, line, x));
    }
  }
}
