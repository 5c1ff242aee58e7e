package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.util.function.LongConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A model opened on a device, ready for whole pictures. Not thread-safe. */
public final class OpenUpscaler implements AutoCloseable {
  private final Upscaler upscaler;
  private final PictureUpscaler pictures;

  private OpenUpscaler(Upscaler upscaler, UpscalerConfig config) {
    this.upscaler = upscaler;
    this.pictures =
        new PictureUpscaler(
            new TiledUpscaler(upscaler, config.upscaleRatio(), Tiling.of(config)),
            config.upscaleRatio());
  }

  /**
   * Opens a model.
   *
   * @param threads CPU threads it may use
   * @throws dev.fovea.model.engine.DeviceUnavailableException if the device named cannot be used
   */
  public static OpenUpscaler open(ModelWeights model, EngineChoice choice, int threads) {
    INDArray parameters = model.parameters();
    try {
      UpscalerConfig config = model.config();
      return new OpenUpscaler(
          choice.engineForUpscaling().openUpscaler(config, parameters, choice.options(threads)),
          config);
    } finally {
      Nchw.close(parameters);
    }
  }

  /**
   * Upscales one picture.
   *
   * @throws RejectedPictureException if the result is too large for one picture or for the memory
   */
  public Picture upscale(Picture picture) throws RejectedPictureException {
    return upscale(picture, pixels -> {});
  }

  /**
   * Upscales one picture that takes a while.
   *
   * @param done is told how many of the picture's pixels have been upscaled since the last time
   * @throws RejectedPictureException if the result is too large for one picture or for the memory
   */
  public Picture upscale(Picture picture, LongConsumer done) throws RejectedPictureException {
    return pictures.upscale(picture, done);
  }

  @Override
  public void close() {
    upscaler.close();
  }
}
