package dev.fovea.model.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What training changes in a network.
 *
 * @param parameters DL4J's flat parameter vector, [1, P]; a critic's holds the running statistics
 *     of its batch normalisation as well
 * @param updaterState DL4J's flat updater state, [1, S]
 */
public record NetworkState(INDArray parameters, INDArray updaterState) {
  public NetworkState {
    if (parameters == null || updaterState == null) {
      throw new NullPointerException("parameters or updater state is missing");
    }
  }
}
