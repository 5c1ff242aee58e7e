package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.pictures.fingerprint.Fingerprints;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A model to be evaluated.
 *
 * @param id under which its figures stand
 * @param checkpoint the path that was named, without credentials
 * @param weights its shape and parameters
 * @param provenance what its checkpoint says of the training, by name
 * @param training fingerprints of what it was trained on; absent where the checkpoint has none
 */
public record EvaluatedModel(
    String id,
    String checkpoint,
    ModelWeights weights,
    SortedMap<String, String> provenance,
    Optional<Fingerprints> training) {
  /**
   * Refuses the name of the interpolation that stands beside all models.
   *
   * @throws IllegalArgumentException if the id is that of the baseline
   */
  public EvaluatedModel {
    if (id.equals(Report.BICUBIC)) {
      throw new IllegalArgumentException("a model cannot be called '%s'".formatted(id));
    }
  }

  /** A model of which nobody knows what it was trained on. */
  public EvaluatedModel(
      String id, String checkpoint, ModelWeights weights, SortedMap<String, String> provenance) {
    this(id, checkpoint, weights, provenance, Optional.empty());
  }

  public int upscaleRatio() {
    return weights.config().upscaleRatio();
  }
}
