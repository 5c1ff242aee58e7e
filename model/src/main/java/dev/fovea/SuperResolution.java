package dev.fovea;

import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import dev.fovea.model.engine.Upscaler;
import java.io.IOException;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained upscaler, loaded once from a checkpoint on this machine and used for any number of
 * pictures.
 *
 * <p>Pictures are planar RGB: the red plane row by row, then the green, then the blue, each sample
 * in 0..1; {@code Picture.toPlanes()} of the module datasets-prep makes them of files. Large ones
 * are cut into tiles that overlap by the network's receptive field, so that the memory the network
 * takes does not grow with the picture, and the result is that of the whole.
 *
 * <p>Safe for use by several threads, which wait for each other: one picture takes all the threads
 * that {@link EngineOptions} grant. To be closed, because it holds memory outside the Java heap.
 */
public final class SuperResolution implements AutoCloseable {
  private final UpscalerConfig config;
  private final Upscaler upscaler;
  private final TiledPicture tiles;
  private boolean closed;

  private SuperResolution(UpscalerConfig config, Upscaler upscaler) {
    this.config = config;
    this.upscaler = upscaler;
    this.tiles = TiledPicture.of(config);
  }

  /**
   * Loads the newest whole checkpoint with the fastest engine there is, on a GPU where the engine
   * can use one, else on all cores.
   *
   * @param checkpoint what {@code --checkpoint-path} names, one {@code step-NNNNNNNN} in it, or the
   *     name of a shipped model such as {@code x4-quality}
   * @throws IOException if there is none that is whole, saying what is wrong with those there are
   * @throws IllegalStateException if no engine can run here, saying what hinders each
   */
  public static SuperResolution load(Path checkpoint) throws IOException {
    return load(
        checkpoint,
        Engines.AUTO,
        new EngineOptions(
            Device.AUTO, Precision.AUTO, Runtime.getRuntime().availableProcessors(), false));
  }

  /**
   * Loads the newest whole checkpoint with the engine of one's choice.
   *
   * @param checkpoint what {@code --checkpoint-path} names, one {@code step-NNNNNNNN} in it, or the
   *     name of a shipped model such as {@code x4-quality}
   * @param engine {@code vector}, {@code torch}, {@code nd4j} or {@code auto}
   * @param options device, precision and threads
   * @throws IOException if there is none that is whole, saying what is wrong with those there are
   * @throws IllegalArgumentException naming the engines there are, if this one is not among them
   * @throws dev.fovea.model.engine.DeviceUnavailableException if the device named cannot be used
   */
  public static SuperResolution load(Path checkpoint, String engine, EngineOptions options)
      throws IOException {
    TrainedUpscaler trained = LocalCheckpoint.read(checkpoint);
    try (INDArray parameters = trained.parameters()) {
      return new SuperResolution(
          trained.config(),
          Engines.forUpscaling(engine, options)
              .openUpscaler(trained.config(), parameters, options));
    }
  }

  /** The network's shape. */
  public UpscalerConfig config() {
    return config;
  }

  /** The factor r by which height and width grow: 2, 4 or 8. */
  public int upscaleRatio() {
    return config.upscaleRatio();
  }

  /**
   * Upscales a picture.
   *
   * @param picture planar RGB [3, H, W] in 0..1, not changed
   * @param height H, 1 or more
   * @param width W, 1 or more
   * @return planar RGB [3, rH, rW] in 0..1
   * @throws IllegalArgumentException if the sizes do not fit the array, or the result would not fit
   *     one
   * @throws IllegalStateException after {@link #close}
   */
  public float[] upscale(float[] picture, int height, int width) {
    return upscale(picture, 1, height, width);
  }

  /**
   * Upscales pictures of one size, small ones together, which is faster than one by one.
   *
   * @param pictures planar RGB [B, 3, H, W] in 0..1, not changed
   * @param batch B, 1 or more
   * @param height H, 1 or more
   * @param width W, 1 or more
   * @return planar RGB [B, 3, rH, rW] in 0..1
   * @throws IllegalArgumentException if the sizes do not fit the array, or the result would not fit
   *     one
   * @throws IllegalStateException after {@link #close}
   */
  public synchronized float[] upscale(float[] pictures, int batch, int height, int width) {
    requireSizes(pictures, batch, height, width);
    if (closed) {
      throw new IllegalStateException("the upscaler is closed");
    }
    if (tiles.fits(batch, height, width)) {
      return run(pictures, batch, height, width);
    }
    int low = 3 * height * width;
    int high = low * upscaleRatio() * upscaleRatio();
    float[] result = new float[batch * high];
    for (int b = 0; b < batch; b++) {
      tiles.upscale(
          pictures,
          b * low,
          height,
          width,
          result,
          b * high,
          (tile, rows, columns) -> run(tile, 1, rows, columns));
    }
    return result;
  }

  /** Frees the memory; does nothing the second time. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      upscaler.close();
    }
  }

  private float[] run(float[] pictures, int batch, int height, int width) {
    try (INDArray low = Nd4j.create(pictures, new long[] {batch, 3, height, width}, 'c');
        INDArray high = upscaler.upscale(low)) {
      float[] result = new float[Math.toIntExact(high.length())];
      HostCopy.read(high, 0, result.length, result);
      return result;
    }
  }

  private void requireSizes(float[] pictures, int batch, int height, int width) {
    if (batch < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "batch %d of %d rows and %d columns: all must be 1 or more"
              .formatted(batch, height, width));
    }
    double needed = 3.0 * batch * height * width;
    if (needed != pictures.length) {
      throw new IllegalArgumentException(
          "batch %d of %d rows and %d columns needs %.0f samples, not %d"
              .formatted(batch, height, width, needed, pictures.length));
    }
    if (needed * upscaleRatio() * upscaleRatio() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "the result of batch %d of %d rows and %d columns, %d times enlarged, fits no array"
              .formatted(batch, height, width, upscaleRatio()));
    }
  }
}
