package dev.fovea.jobs.runs.mlflow;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a run is told of beside its own folder.
 *
 * @param mlflowUri an MLflow tracking server, such as {@code http://host:5000}; none for no MLflow
 * @param mlflowExperiment the name of the experiment that the run belongs to
 */
public record Tracking(Optional<String> mlflowUri, String mlflowExperiment) {
  private static final List<String> CREDENTIALS =
      List.of("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_PASSWORD");

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

  /**
   * What is to be said before the first call, if it would carry credentials through a network that
   * others may listen to.
   *
   * @param environment where MLflow's client finds them
   */
  Optional<String> warning(Map<String, String> environment) {
    if (mlflowUri.isEmpty() || !mlflowUri.get().startsWith("http://")) {
      return Optional.empty();
    }
    return CREDENTIALS.stream()
        .filter(name -> !environment.getOrDefault(name, "").isEmpty())
        .findFirst()
        .filter(name -> !isThisMachine(mlflowUri.get()))
        .map(
            name ->
                "%s is sent to %s unencrypted, for everybody on the way to read; https keeps it"
                    .formatted(name, mlflowUri.get()));
  }

  private static boolean isThisMachine(String uri) {
    try {
      InetAddress address = InetAddress.getByName(new URL(uri).getHost());
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException e) {
      return false; // Whatever it is, it is not known to be here.
    }
  }

  /** The run's folder alone. */
  public static final Tracking NONE = new Tracking(Optional.empty(), "fovea");
}
