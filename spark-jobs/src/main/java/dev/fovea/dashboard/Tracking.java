package dev.fovea.dashboard;

import java.util.Optional;

/**
 * Where a run is told of beside its own folder.
 *
 * @param mlflowUri an MLflow tracking server, such as {@code http://host:5000}; none for no MLflow
 * @param mlflowExperiment the name of the experiment that the run belongs to
 */
public record Tracking(Optional<String> mlflowUri, String mlflowExperiment) {
  /** The run's folder alone. */
  public static final Tracking NONE = new Tracking(Optional.empty(), "fovea");
}
