package dev.fovea.jobs.runs.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrackingTest {
  private static final Map<String, String> TOKEN = Map.of("MLFLOW_TRACKING_TOKEN", "abc");

  @Test
  void aTokenThatOthersCouldReadOnItsWayIsWarnedOf() {
    assertThat(warning("http://192.0.2.99:5000", TOKEN))
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .contains("MLFLOW_TRACKING_TOKEN", "http://192.0.2.99:5000", "https")
                    .doesNotContain("abc"));
    assertThat(warning("http://192.0.2.99", Map.of("MLFLOW_TRACKING_PASSWORD", "abc"))).isPresent();
  }

  @Test
  void nothingIsSaidWhereNobodyListensOrNothingIsToBeKept() {
    assertThat(warning("https://192.0.2.99:5000", TOKEN)).isEmpty();
    assertThat(warning("http://127.0.0.1:5000", TOKEN)).isEmpty();
    assertThat(warning("http://localhost", TOKEN)).isEmpty();
    assertThat(warning("http://[::1]:5000/", TOKEN)).isEmpty();
    assertThat(warning("http://192.0.2.99:5000", Map.of("MLFLOW_TRACKING_USERNAME", "a")))
        .isEmpty();
    assertThat(Tracking.NONE.warning(TOKEN)).isEmpty();
  }

  private static Optional<String> warning(String uri, Map<String, String> environment) {
    return new Tracking(Optional.of(uri), "fovea").warning(environment);
  }
}
