package dev.fovea.jobs.runs.mlflow;

import java.util.Optional;

/**
 * Where a run is told of beside its own folder.
 *
 * @param mlflowUri an MLflow tracking server, such as {@code http://host:5000}; none for no MLflow
 * @param mlflowExperiment the name of the experiment that the run belongs to
 */
public record Tracking(Optional<String> mlflowUri, String mlflowExperiment) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Tracking {
    if (mlflowUri.isPresent() && !isServer(mlflowUri.get())) {
      throw new IllegalArgumentException(
          "MLflow's server '%s' is no address such as http://host:5000".formatted(mlflowUri.get()));
    }
    if (mlflowExperiment.isBlank()) {
      throw new IllegalArgumentException("the name of MLflow's experiment is empty");
    }
  }

  /** Whether it looks like the address of a tracking server. */
  public static boolean isServer(String uri) {
    return uri.matches("https?://[^/\\s]\\S*");
  }

  /** The run's folder alone. */
  public static final Tracking NONE = new Tracking(Optional.empty(), "fovea");
}
