package dev.fovea.store;

import dev.fovea.checkpoint.TrainedUpscaler;
import dev.fovea.checkpoint.TrainingState;

/**
 * A model with what its checkpoint says of its training.
 *
 * @param upscaler shape and weights
 * @param state where the run stood
 */
public record StoredModel(TrainedUpscaler upscaler, TrainingState state) {}
