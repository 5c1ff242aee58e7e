package dev.fovea.model.exchange;

import dev.fovea.model.checkpoint.NetworkLayout;
import dev.fovea.model.config.UpscalerConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The optimiser's state that goes with weights from elsewhere. */
public final class UntrainedOptimizer {
  private UntrainedOptimizer() {}

  /** DL4J's flat updater state, [1, S], of an optimiser that has taken no step. */
  public static INDArray state(UpscalerConfig config) {
    return Nd4j.zeros(DataType.FLOAT, 1, NetworkLayout.of(config).stateCount());
  }
}
