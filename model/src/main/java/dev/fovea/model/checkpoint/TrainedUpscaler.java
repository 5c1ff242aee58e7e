package dev.fovea.model.checkpoint;

import dev.fovea.model.config.UpscalerConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An upscaler's shape and weights, all that inference needs.
 *
 * @param config its shape
 * @param parameters DL4J's flat parameter vector, [1, P], fp32; shared, not copied
 */
public record TrainedUpscaler(UpscalerConfig config, INDArray parameters) {
  /**
   * @throws IllegalArgumentException if the parameters are not fp32 or not as many as the shape has
   */
  public TrainedUpscaler {
    if (parameters.dataType() != DataType.FLOAT || parameters.length() != config.parameterCount()) {
      throw new IllegalArgumentException(
          "%d parameters of type %s given, %s has %d of type FLOAT"
              .formatted(
                  parameters.length(), parameters.dataType(), config, config.parameterCount()));
    }
  }
}
