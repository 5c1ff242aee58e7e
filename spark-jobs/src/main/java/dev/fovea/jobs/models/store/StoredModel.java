package dev.fovea.jobs.models.store;

import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.checkpoint.TrainingState;
import java.util.Optional;

/**
 * A model with what its checkpoint says of its training.
 *
 * @param upscaler shape and weights
 * @param state where the run stood
 * @param fingerprints of the pictures it was trained on, empty where they are not known
 */
public record StoredModel(
    TrainedUpscaler upscaler, TrainingState state, Optional<byte[]> fingerprints) {
  /** A model of which nobody knows what it was trained on. */
  public StoredModel(TrainedUpscaler upscaler, TrainingState state) {
    this(upscaler, state, Optional.empty());
  }
}
