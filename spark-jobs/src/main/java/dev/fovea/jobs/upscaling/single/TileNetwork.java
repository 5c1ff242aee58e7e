package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.upscaling.single.TilePlan.Core;
import dev.fovea.jobs.upscaling.single.TilePlan.Tile;
import dev.fovea.model.engine.Upscaler;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs batches of tiles of one shape. What comes out for a tile does not depend on which others
 * were in its batch. Where the memory does not suffice, halves the batch, then the tile, and
 * remembers what was too much. Not thread-safe.
 */
public final class TileNetwork {
  /**
   * LibTorch convolves a single small picture by another algorithm than a batch of two, with other
   * roundings; up to this many pixels a single one is therefore run as two.
   */
  private static final int SMALL = 20_480;

  /** Tiles are not halved to less than this, which would cost many times the work. */
  private static final int SMALLEST_CORE = 32;

  /** What was too much once is tried again after so many batches: others may have left since. */
  private static final int TRIED_AGAIN_AFTER = 64;

  private static final List<String> OUT_OF_MEMORY =
      List.of(
          "out of memory",
          "can't allocate memory",
          "cannot allocate memory",
          "failed to allocate",
          "allocation failed",
          "alloc_failed",
          "bad_alloc",
          "could not create a memory");

  private final Upscaler upscaler;
  private final int ratio;
  private final int overlap;
  private final Ensemble ensemble;
  private long tooMuch = Long.MAX_VALUE;
  private int runsSince;
  private int halvings;

  /**
   * @param overlap low-resolution pixels around a tile's core whose results are thrown away
   */
  public TileNetwork(Upscaler upscaler, int upscaleRatio, int overlap, Ensemble ensemble) {
    this.upscaler = upscaler;
    this.ratio = upscaleRatio;
    this.overlap = overlap;
    this.ensemble = ensemble;
  }

  /**
   * Upscales tiles.
   *
   * @param low planar RGB [batch, 3, height, width], 0 to 1
   * @return planar RGB [batch, 3, ratio * height, ratio * width], 0 to 1
   * @throws OutOfMemoryError if even the smallest tile does not fit
   */
  public float[] upscale(float[] low, int batch, int height, int width) {
    long pixels = (long) batch * height * width;
    if (pixels < tooMuch || !canHalve(batch, height, width)) {
      try {
        float[] high = ensemble.upscale(this::run, low, batch, height, width, ratio);
        if (++runsSince == TRIED_AGAIN_AFTER) {
          tooMuch = Long.MAX_VALUE;
        }
        return high;
      } catch (RuntimeException | OutOfMemoryError e) {
        if (!isOutOfMemory(e)) {
          throw e;
        }
        if (!canHalve(batch, height, width)) {
          throw outOfMemory(height, width, e);
        }
        tooMuch = Math.min(tooMuch, pixels);
        runsSince = 0;
      }
    }
    halvings++;
    return batch > 1 ? halves(low, batch, height, width) : parts(low, height, width);
  }

  /** How often something had to be halved since this was last asked. */
  public int takeHalvings() {
    int taken = halvings;
    halvings = 0;
    return taken;
  }

  private float[] run(float[] low, int batch, int height, int width) {
    if (batch > 1 || height * width > SMALL) {
      return plainly(low, batch, height, width);
    }
    float[] twice = java.util.Arrays.copyOf(low, 2 * low.length);
    System.arraycopy(low, 0, twice, low.length, low.length);
    float[] high = plainly(twice, 2, height, width);
    return java.util.Arrays.copyOf(high, high.length / 2);
  }

  private float[] plainly(float[] low, int batch, int height, int width) {
    INDArray input = Nchw.of(low, batch, 3, height, width);
    try {
      INDArray output = upscaler.upscale(input);
      try {
        return Nchw.floats(output);
      } finally {
        Nchw.close(output);
      }
    } finally {
      Nchw.close(input);
    }
  }

  private float[] halves(float[] low, int batch, int height, int width) {
    int tile = 3 * height * width;
    int first = batch / 2;
    float[] high = new float[low.length * ratio * ratio];
    float[] above = upscale(java.util.Arrays.copyOf(low, first * tile), first, height, width);
    System.arraycopy(above, 0, high, 0, above.length);
    float[] below =
        upscale(
            java.util.Arrays.copyOfRange(low, first * tile, low.length),
            batch - first,
            height,
            width);
    System.arraycopy(below, 0, high, above.length, below.length);
    return high;
  }

  private float[] parts(float[] low, int height, int width) {
    TilePlan plan = plan(height, width);
    int h = plan.tileHeight();
    int w = plan.tileWidth();
    float[] high = new float[low.length * ratio * ratio];
    float[] part = new float[3 * h * w];
    for (Tile tile : plan.tiles()) {
      for (int row = 0; row < 3 * h; row++) {
        int from = (row / h * height + tile.y() + row % h) * width + tile.x();
        System.arraycopy(low, from, part, row * w, w);
      }
      float[] result = upscale(part, 1, h, w);
      Core core = tile.core();
      int coreHeight = core.height() * ratio;
      for (int row = 0; row < 3 * coreHeight; row++) {
        int channel = row / coreHeight;
        int y = row % coreHeight;
        int from =
            (channel * h * ratio + (core.y() - tile.y()) * ratio + y) * w * ratio
                + (core.x() - tile.x()) * ratio;
        int to =
            (channel * height * ratio + core.y() * ratio + y) * width * ratio + core.x() * ratio;
        System.arraycopy(result, from, high, to, core.width() * ratio);
      }
    }
    return high;
  }

  private boolean canHalve(int batch, int height, int width) {
    return batch > 1 || halved(Math.max(height, width)) < Math.max(height, width);
  }

  private TilePlan plan(int height, int width) {
    int smallest = smallest();
    return height >= width
        ? TilePlan.of(height, width, halved(height), Math.max(width, smallest), overlap)
        : TilePlan.of(height, width, Math.max(height, smallest), halved(width), overlap);
  }

  private int halved(int length) {
    return Math.max(smallest(), (length + 1) / 2 + overlap);
  }

  private int smallest() {
    return 2 * overlap + SMALLEST_CORE;
  }

  private static OutOfMemoryError outOfMemory(int height, int width, Throwable cause) {
    OutOfMemoryError error =
        new OutOfMemoryError(
            "the network does not fit into the memory even for a tile of %dx%d pixels (%s)"
                .formatted(width, height, cause.getMessage()));
    error.initCause(cause);
    return error;
  }

  /**
   * Engines have no exception of their own for it; the JVM, javacpp, ND4J, oneDNN and LibTorch say
   * it in words.
   */
  public static boolean isOutOfMemory(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
      if (at instanceof OutOfMemoryError || OUT_OF_MEMORY.stream().anyMatch(message::contains)) {
        return true;
      }
    }
    return false;
  }
}
