package dev.fovea.jobs.upscaling.single;

/** How often a tile is run. */
public enum Ensemble {
  /** Once. */
  NONE(1),
  /**
   * In its eight flips and rotations, the results turned back and averaged ("geometric
   * self-ensemble", Lim et al. 2017): eight times the work for about 0.1 dB.
   */
  FLIPS_AND_ROTATIONS(8);

  private static final int FLIP_Y = 1;
  private static final int FLIP_X = 2;
  private static final int TRANSPOSE = 4;

  private final int runs;

  Ensemble(int runs) {
    this.runs = runs;
  }

  /** A network on planar RGB [batch, 3, height, width]. */
  @FunctionalInterface
  interface Network {
    float[] upscale(float[] low, int batch, int height, int width);
  }

  float[] upscale(Network network, float[] low, int batch, int height, int width, int ratio) {
    if (this == NONE) {
      return network.upscale(low, batch, height, width);
    }
    int planes = 3 * batch;
    float[] sum = new float[low.length * ratio * ratio];
    for (int way = 0; way < runs; way++) {
      float[] turned = new float[low.length];
      int[] places = places(way, height, width);
      int plane = places.length;
      for (int p = 0; p < planes; p++) {
        for (int i = 0; i < plane; i++) {
          turned[p * plane + places[i]] = low[p * plane + i];
        }
      }
      boolean transposed = (way & TRANSPOSE) != 0;
      float[] high =
          network.upscale(turned, batch, transposed ? width : height, transposed ? height : width);
      int[] back = places(way, height * ratio, width * ratio);
      int large = back.length;
      for (int p = 0; p < planes; p++) {
        for (int i = 0; i < large; i++) {
          sum[p * large + i] += high[p * large + back[i]];
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= runs;
    }
    return sum;
  }

  /** Where each pixel of a plane goes. */
  private static int[] places(int way, int height, int width) {
    int[] places = new int[height * width];
    for (int y = 0; y < height; y++) {
      int toY = (way & FLIP_Y) == 0 ? y : height - 1 - y;
      for (int x = 0; x < width; x++) {
        int toX = (way & FLIP_X) == 0 ? x : width - 1 - x;
        places[y * width + x] = (way & TRANSPOSE) == 0 ? toY * width + toX : toX * height + toY;
      }
    }
    return places;
  }
}
