package dev.fovea.checkpoint;

import dev.fovea.config.AdafactorConfig;
import dev.fovea.config.LossConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Everything that training needs to go on as if it had never stopped.
 *
 * @param upscaler shape and weights
 * @param loss what is minimised
 * @param adafactor the optimiser's settings; its learning rate is the run's highest
 * @param updaterState DL4J's flat updater state, [S], fp32; shared, not copied
 * @param state where the run stands
 */
public record Checkpoint(
    TrainedUpscaler upscaler,
    LossConfig loss,
    AdafactorConfig adafactor,
    INDArray updaterState,
    TrainingState state) {
  /**
   * @throws IllegalArgumentException if the updater state is not fp32
   */
  public Checkpoint {
    Checks.present("upscaler", upscaler);
    Checks.present("loss", loss);
    Checks.present("adafactor", adafactor);
    Checks.present("state", state);
    if (updaterState.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "updater state is %s, not FLOAT".formatted(updaterState.dataType()));
    }
  }
}
