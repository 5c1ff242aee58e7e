package dev.fovea.checkpoint;

import dev.fovea.config.AdafactorConfig;
import dev.fovea.config.LossConfig;
import java.util.Optional;
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
 * @param critic what the upscaler trains against; empty in stage 1
 */
public record Checkpoint(
    TrainedUpscaler upscaler,
    LossConfig loss,
    AdafactorConfig adafactor,
    INDArray updaterState,
    TrainingState state,
    Optional<TrainedCritic> critic) {
  /**
   * @throws IllegalArgumentException if the updater state is not fp32
   */
  public Checkpoint {
    Checks.present("upscaler", upscaler);
    Checks.present("loss", loss);
    Checks.present("adafactor", adafactor);
    Checks.present("state", state);
    Checks.present("critic", critic);
    if (updaterState.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "updater state is %s, not FLOAT".formatted(updaterState.dataType()));
    }
  }

  /** A checkpoint of stage 1, which has no critic. */
  public Checkpoint(
      TrainedUpscaler upscaler,
      LossConfig loss,
      AdafactorConfig adafactor,
      INDArray updaterState,
      TrainingState state) {
    this(upscaler, loss, adafactor, updaterState, state, Optional.empty());
  }
}
