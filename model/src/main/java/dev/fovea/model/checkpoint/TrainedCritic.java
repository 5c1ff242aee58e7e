package dev.fovea.model.checkpoint;

import dev.fovea.model.config.CriticConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A critic's shape, weights and optimiser, which a run of stage 2 goes on with; nothing else needs
 * a critic.
 *
 * @param config its shape
 * @param parameters DL4J's flat parameter vector with the running statistics, [1, P], fp32; shared,
 *     not copied
 * @param updaterState DL4J's flat updater state, [S], fp32; shared, not copied
 */
public record TrainedCritic(CriticConfig config, INDArray parameters, INDArray updaterState) {
  /**
   * @throws IllegalArgumentException if an array is not fp32, or the parameters are not as many as
   *     the shape has
   */
  public TrainedCritic {
    Checks.present("critic", config);
    long length = config.parameterCount() + config.statisticsCount();
    if (parameters.dataType() != DataType.FLOAT || parameters.length() != length) {
      throw new IllegalArgumentException(
          "%d parameters of type %s given, %s has %d of type FLOAT"
              .formatted(parameters.length(), parameters.dataType(), config, length));
    }
    if (updaterState.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "updater state of the critic is %s, not FLOAT".formatted(updaterState.dataType()));
    }
  }
}
