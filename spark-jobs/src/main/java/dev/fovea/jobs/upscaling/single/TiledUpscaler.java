package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.upscaling.single.TilePlan.Core;
import dev.fovea.jobs.upscaling.single.TilePlan.Tile;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.pictures.picture.Picture;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Upscales a picture tile by tile, so that the memory taken does not grow with the picture. The
 * result equals that of the whole picture at once, but for the order of floating-point sums. As
 * thread-safe as the upscaler it uses, which is not.
 */
public final class TiledUpscaler {
  private final Upscaler upscaler;
  private final int ratio;
  private final Tiling tiling;

  public TiledUpscaler(Upscaler upscaler, int upscaleRatio, Tiling tiling) {
    this.upscaler = upscaler;
    this.ratio = upscaleRatio;
    this.tiling = tiling;
  }

  /** Upscales the picture's colours and hands each finished rectangle to the receiver. */
  public void upscale(Picture picture, Receiver receiver) {
    TilePlan plan =
        TilePlan.of(picture.height(), picture.width(), tiling.tileSize(), tiling.overlap());
    int height = plan.tileHeight();
    int width = plan.tileWidth();
    float[] low = new float[3 * height * width];
    for (Tile tile : plan.tiles()) {
      picture.readRegion(tile.x(), tile.y(), width, height, low, 0);
      float[] high = upscale(low, height, width);
      Core core = tile.core();
      receiver.receive(
          new Rectangle(
              high,
              height * ratio,
              width * ratio,
              (core.y() - tile.y()) * ratio,
              (core.x() - tile.x()) * ratio,
              core.height() * ratio,
              core.width() * ratio),
          core.y() * ratio,
          core.x() * ratio);
    }
  }

  /** What a picture's rectangles add up to before they are enlarged. */
  static long pixels(Picture picture) {
    return (long) picture.width() * picture.height();
  }

  private float[] upscale(float[] low, int height, int width) {
    INDArray input = Nchw.of(low, 1, 3, height, width);
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

  /** Takes finished rectangles, each pixel of the result once. */
  @FunctionalInterface
  public interface Receiver {
    /**
     * Takes one rectangle.
     *
     * @param y row of the result at which it begins
     * @param x column of the result at which it begins
     */
    void receive(Rectangle rectangle, int y, int x);
  }

  /**
   * The part of a tile's result that counts.
   *
   * @param tile planar RGB [3, tileHeight, tileWidth], 0 to 1
   * @param fromY the part's first row in the tile
   * @param fromX the part's first column in the tile
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on uncopied; a tile is many megabytes.
  public record Rectangle(
      float[] tile, int tileHeight, int tileWidth, int fromY, int fromX, int height, int width) {
    /** A sample of the part. */
    public float at(int channel, int y, int x) {
      return tile[(channel * tileHeight + fromY + y) * tileWidth + fromX + x];
    }
  }
}
