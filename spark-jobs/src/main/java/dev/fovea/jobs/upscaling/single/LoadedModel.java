package dev.fovea.jobs.upscaling.single;

import dev.fovea.pictures.fingerprint.Fingerprints;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model as its checkpoint holds it.
 *
 * @param path of the checkpoint, as it was named
 * @param weights shape and parameters
 * @param provenance what the checkpoint says of the training, by name
 * @param training fingerprints of the pictures it was trained on, empty where they are not known
 */
public record LoadedModel(
    String path,
    ModelWeights weights,
    SortedMap<String, String> provenance,
    Optional<Fingerprints> training) {
  public LoadedModel {
    provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
  }

  public int upscaleRatio() {
    return weights.config().upscaleRatio();
  }
}
