package dev.fovea.model.checkpoint;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
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
 * @param fingerprints of the pictures it was trained on, by which a report recognises them; opaque
 *     here, empty where they are not known
 * @param outerVelocity of the averaging's outer momentum, [1, P], fp32; empty where there is none
 */
public record Checkpoint(
    TrainedUpscaler upscaler,
    LossConfig loss,
    AdafactorConfig adafactor,
    INDArray updaterState,
    TrainingState state,
    Optional<TrainedCritic> critic,
    Optional<byte[]> fingerprints,
    Optional<INDArray> outerVelocity) {
  /**
   * @throws IllegalArgumentException if the updater state is not fp32
   */
  public Checkpoint {
    Checks.present("upscaler", upscaler);
    Checks.present("loss", loss);
    Checks.present("adafactor", adafactor);
    Checks.present("state", state);
    Checks.present("critic", critic);
    Checks.present("fingerprints", fingerprints);
    Checks.present("outer velocity", outerVelocity);
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

  /** A checkpoint that does not say which pictures it was trained on. */
  public Checkpoint(
      TrainedUpscaler upscaler,
      LossConfig loss,
      AdafactorConfig adafactor,
      INDArray updaterState,
      TrainingState state,
      Optional<TrainedCritic> critic) {
    this(
        upscaler, loss, adafactor, updaterState, state, critic, Optional.empty(), Optional.empty());
  }

  /** The same with the fingerprints of its pictures. */
  public Checkpoint withFingerprints(Optional<byte[]> ofPictures) {
    return new Checkpoint(
        upscaler, loss, adafactor, updaterState, state, critic, ofPictures, outerVelocity);
  }

  /** The same with the velocity of the averaging's outer momentum. */
  public Checkpoint withOuterVelocity(Optional<INDArray> velocity) {
    return new Checkpoint(
        upscaler, loss, adafactor, updaterState, state, critic, fingerprints, velocity);
  }
}
