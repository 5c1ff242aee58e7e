package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An upscaler's shape and parameters as Spark can send them: not a record, because Kryo 4 cannot
 * read records, and without native memory, which no serializer owns. Immutable.
 */
public final class ModelWeights implements Serializable {
  private static final long serialVersionUID = 1;

  private final String baseUpscaler;
  private final int upscaleRatio;
  private final int numChannels;
  private final int hiddenRatio;
  private final int numLayers;
  private final float[] parameters;

  /**
   * Copies the parameters.
   *
   * @param parameters the flat parameter vector of the upscaler's graph, [1, P]
   * @throws IllegalArgumentException if there are not as many as the shape has
   */
  public ModelWeights(UpscalerConfig config, INDArray parameters) {
    if (parameters.length() != config.parameterCount()) {
      throw new IllegalArgumentException(
          "%d parameters do not fit an upscaler of %d"
              .formatted(parameters.length(), config.parameterCount()));
    }
    this.baseUpscaler = config.baseUpscaler().id();
    this.upscaleRatio = config.upscaleRatio();
    this.numChannels = config.numChannels();
    this.hiddenRatio = config.hiddenRatio();
    this.numLayers = config.numLayers();
    this.parameters = Nchw.floats(parameters);
  }

  public UpscalerConfig config() {
    return new UpscalerConfig(
        BaseUpscaler.of(baseUpscaler), upscaleRatio, numChannels, hiddenRatio, numLayers);
  }

  /** SHA-256 of shape and parameters: 64 hexadecimal digits that change whenever results may. */
  public String sha256() {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * parameters.length);
    bytes.asFloatBuffer().put(parameters);
    MessageDigest digest = Sha256.digest();
    digest.update(config().toString().getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A new array, [1, P], owned by the caller. */
  public INDArray parameters() {
    return Nd4j.create(parameters, new long[] {1, parameters.length}, 'c');
  }
}
