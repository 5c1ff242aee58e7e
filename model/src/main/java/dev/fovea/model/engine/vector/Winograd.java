package dev.fovea.model.engine.vector;

import java.util.Arrays;

/**
 * A 3x3 convolution by Winograd's minimal filtering F(6x6, 3x3): 64 products for 36 pixels, where
 * the direct way takes 324. See Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks"
 * (2016). The kernels are transformed once. Immutable, for any number of threads.
 */
final class Winograd {
  /** Pixels of a tile's side that a tile computes. */
  static final int OUTPUT = 6;

  /** Pixels of a tile's side that it looks at, and positions of a transformed one. */
  static final int SIDE = 8;

  private static final int POSITIONS = SIDE * SIDE;
  private static final int TAPS = 9;

  /** Output channels whose products are at hand before they are transformed. */
  private static final int CHUNK = Kernels.BLOCK;

  /** Floats between positions, so that they do not fall on the same lines of the cache. */
  private static final int GAP = 16;

  /** Tiles times input channels that a block should hold, so that it stays in the cache. */
  private static final int BLOCK_VALUES = 3072;

  private static final int MOST_TILES = 36;

  private static final double[][] G = {
    {1, 0, 0},
    {-2 / 9., -2 / 9., -2 / 9.},
    {-2 / 9., 2 / 9., -2 / 9.},
    {1 / 90., 1 / 45., 2 / 45.},
    {1 / 90., -1 / 45., 2 / 45.},
    {32 / 45., 16 / 45., 8 / 45.},
    {32 / 45., -16 / 45., 8 / 45.},
    {0, 0, 1}
  };

  /** What becomes of a sum and its bias. */
  enum Ending {
    /** It is the output. */
    NONE,
    /** Its SiLU is. */
    SILU,
    /** It is added to the output. */
    RESIDUAL
  }

  private final int inputs;
  private final int outputs;
  private final Ending ending;
  private final float[] bias;

  /** For each position the panels of a matrix of inputs by outputs. */
  private final float[] kernels;

  private Winograd(int inputs, int outputs, Ending ending, float[] bias, float[] kernels) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.ending = ending;
    this.bias = bias;
    this.kernels = kernels;
  }

  /**
   * Transforms a convolution.
   *
   * @param weights [O, I, 3, 3]
   * @param bias [O]
   */
  static Winograd of(float[] weights, float[] bias, Ending ending) {
    int given = weights.length / (TAPS * bias.length);
    int inputs = padded(given);
    int outputs = padded(bias.length);
    float[] kernels = new float[Math.multiplyExact(POSITIONS * inputs, outputs)];
    double[] half = new double[SIDE * 3];
    for (int o = 0; o < bias.length; o++) {
      for (int i = 0; i < given; i++) {
        int k = (o * given + i) * TAPS;
        for (int y = 0; y < SIDE; y++) {
          for (int x = 0; x < 3; x++) {
            half[y * 3 + x] =
                G[y][0] * weights[k + x]
                    + G[y][1] * weights[k + 3 + x]
                    + G[y][2] * weights[k + 6 + x];
          }
        }
        int at = panelIndex(i, o, inputs, outputs);
        for (int y = 0; y < SIDE; y++) {
          for (int x = 0; x < SIDE; x++) {
            kernels[(y * SIDE + x) * inputs * outputs + at] =
                (float)
                    (half[y * 3] * G[x][0] + half[y * 3 + 1] * G[x][1] + half[y * 3 + 2] * G[x][2]);
          }
        }
      }
    }
    return new Winograd(inputs, outputs, ending, Arrays.copyOf(bias, outputs), kernels);
  }

  /** Channels, padded to whole groups. */
  static int padded(int channels) {
    return Math.multiplyExact((channels + Kernels.GROUP - 1) / Kernels.GROUP, Kernels.GROUP);
  }

  /** Where an element of a matrix lies that {@link Kernels#multiply} takes in panels. */
  static int panelIndex(int row, int column, int rows, int columns) {
    int first = column;
    for (int j = 0; j < columns; j += Kernels.panel(j, columns)) {
      if (column < j + Kernels.panel(j, columns)) {
        first = j;
        break;
      }
    }
    return first * rows + row * Kernels.panel(first, columns) + column - first;
  }

  /** Memory of one thread, for all layers of a network. */
  static final class Scratch {
    private final float[] between = new float[(POSITIONS + SIDE) * Kernels.BLOCK];
    private float[] input = {};
    private float[] products = {};

    private void require(int inputLength, int productLength) {
      if (input.length < inputLength) {
        input = new float[inputLength];
      }
      if (products.length < productLength) {
        products = new float[productLength];
      }
    }
  }

  /** Computes the layer, its tiles in blocks that the threads share. */
  void apply(Activations x, Activations y, Workers workers) {
    int tiles = x.tiles();
    int most = Math.max(Kernels.ROWS, Math.min(MOST_TILES, BLOCK_VALUES / inputs));
    // As many blocks as keep all threads busy to the end.
    int blocks = ceiling(ceiling(tiles, most), workers.threads()) * workers.threads();
    int size = ceiling(ceiling(tiles, blocks), Kernels.ROWS) * Kernels.ROWS;
    workers.each(
        ceiling(tiles, size),
        (block, scratch) ->
            compute(scratch, x, y, block * size, Math.min(tiles, (block + 1) * size)));
  }

  private void compute(Scratch scratch, Activations x, Activations y, int from, int to) {
    int rows = ceiling(to - from, Kernels.ROWS) * Kernels.ROWS;
    int inputPosition = rows * inputs + GAP;
    int productPosition = rows * Math.min(CHUNK, outputs) + GAP;
    scratch.require(POSITIONS * inputPosition, POSITIONS * productPosition);
    for (int tile = from; tile < to; tile++) {
      int j = tile - from;
      Kernels.transformInputTile(
          x,
          corner(x, tile) - x.rowLength() - inputs,
          scratch.between,
          scratch.input,
          j / Kernels.ROWS * Kernels.ROWS * inputs + j % Kernels.ROWS * Kernels.GROUP,
          inputPosition);
    }
    for (int o = 0; o < outputs; o += CHUNK) {
      int columns = Math.min(CHUNK, outputs - o);
      for (int p = 0; p < POSITIONS; p++) {
        Kernels.multiply(
            scratch.input,
            p * inputPosition,
            rows,
            inputs,
            kernels,
            (p * outputs + o) * inputs,
            columns,
            scratch.products,
            p * productPosition);
      }
      for (int tile = from; tile < to; tile++) {
        finish(scratch, (tile - from) * columns, productPosition, o, columns, y, tile);
      }
    }
  }

  /** The transforms of a tile's output, and what comes after, for some of its channels. */
  private void finish(
      Scratch scratch, int from, int position, int channel, int columns, Activations y, int tile) {
    float[] between = scratch.between;
    int lines = Kernels.BLOCK * SIDE;
    for (int x = 0; x < SIDE; x++) {
      Kernels.transformOutput(
          scratch.products,
          from + x * position,
          SIDE * position,
          columns,
          between,
          x * Kernels.BLOCK,
          lines);
    }
    int across = Activations.tiles(y.width());
    int row = tile / across % Activations.tiles(y.height()) * OUTPUT;
    int column = tile % across * OUTPUT;
    int ready = POSITIONS * Kernels.BLOCK;
    for (int i = 0; i < Math.min(OUTPUT, y.height() - row); i++) {
      Kernels.transformOutput(
          between, i * lines, Kernels.BLOCK, columns, between, ready, Kernels.BLOCK);
      int at = corner(y, tile) + i * y.rowLength() + channel;
      for (int j = 0; j < Math.min(OUTPUT, y.width() - column); j++) {
        int value = ready + j * Kernels.BLOCK;
        int to = at + j * outputs;
        switch (ending) {
          case NONE -> Kernels.store(between, value, bias, channel, columns, y.values(), to);
          case SILU -> Kernels.silu(between, value, bias, channel, columns, y.values(), to);
          case RESIDUAL -> Kernels.add(between, value, bias, channel, columns, y.values(), to);
        }
      }
    }
  }

  /** Where the first pixel of a tile lies. */
  private static int corner(Activations x, int tile) {
    int across = Activations.tiles(x.width());
    int down = Activations.tiles(x.height());
    return x.at(tile / (across * down), tile / across % down * OUTPUT, tile % across * OUTPUT);
  }

  private static int ceiling(int number, int divisor) {
    return (number + divisor - 1) / divisor;
  }
}
