package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("AWS_SECRET_ACCESS_KEY", "Zk8/not+for/anyone", "HOME", "/home/somebody");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "refused: Zk8/not+for/anyone does not sign it | refused: *** does not sign it",
        "bad value fs.s3a.secret.key=abc, used       | bad value fs.s3a.secret.key=***, used",
        "{fs.s3a.bucket.b.access.key: AKIA}          | {fs.s3a.bucket.b.access.key: ***}",
        "\"MLFLOW_TRACKING_TOKEN\": \"abc\"          | \"MLFLOW_TRACKING_TOKEN\": \"***\"",
        "fs.s3a.endpoint=here in /home/somebody      | fs.s3a.endpoint=here in /home/somebody",
        "unexpected token: abc                       | unexpected token: abc",
        "spark.ssl.keyStorePassword=abc              | spark.ssl.keyStorePassword=***"
      })
  void whatATraceSaysOfCredentialsIsMasked(String text, String masked) {
    assertThat(Secrets.masked(text, ENVIRONMENT)).isEqualTo(masked);
  }
}
