package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Splitter;
import dev.fovea.jobs.servers.KubernetesApi;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code submit/fovea --master k8s://} asks a cluster for, without a distribution of Spark.
 */
class KubernetesTest {
  private static final String IMAGE_LIB = "local:///opt/fovea/lib/";

  @TempDir private Path folder;

  @Test
  void theDriversPodTakesEverythingFromTheImage() throws Exception {
    try (BuiltCheckout checkout = BuiltCheckout.at(folder.resolve("checkout"));
        KubernetesApi cluster = KubernetesApi.start()) {
      checkout.environment().put("FOVEA_SPARK_DEFAULTS", "conf/spark-defaults-kubernetes.conf");
      checkout
          .environment()
          .put(
              "FOVEA_SUBMIT_OPTIONS", "--conf spark.kubernetes.submission.waitAppCompletion=false");

      CommandRun run =
          checkout.run(
              "submit/fovea",
              "prepare",
              "--master",
              cluster.master(),
              "--images-path",
              "s3a://bucket/photographs",
              "--output-path",
              "s3a://bucket/shards");

      assertThat(run.code()).as(run.out() + run.err()).isZero();
      JsonNode pod = cluster.only("Pod").get("spec");
      assertThat(pod.get("serviceAccountName").asText()).isEqualTo("fovea");
      JsonNode driver = pod.at("/containers/0");
      assertThat(driver.get("image").asText()).isEqualTo("registry.example/fovea:0.1.0");
      // FOVEA_HEAP, and spark.driver.memoryOverhead of the settings.
      assertThat(driver.at("/resources/limits/memory").asText()).isEqualTo(1024 + 6144 + "Mi");
      assertThat(driver.get("args"))
          .extracting(JsonNode::asText)
          .containsSubsequence(
              "--class",
              "dev.fovea.jobs.cli.Fovea",
              IMAGE_LIB + "fovea-spark-jobs-1.jar",
              "prepare",
              "--images-path",
              "s3a://bucket/photographs");
      Properties settings = new Properties();
      settings.load(
          new StringReader(cluster.only("ConfigMap").at("/data/spark.properties").asText()));
      assertThat(Splitter.on(',').split(settings.getProperty("spark.jars")))
          .allMatch(jar -> jar.startsWith(IMAGE_LIB))
          // Their versions depend on whether the build has made jars of them yet.
          .anyMatch(jar -> jar.matches(".*/fovea-model-[^/]+\\.jar"))
          .anyMatch(jar -> jar.matches(".*/fovea-datasets-prep-[^/]+\\.jar"))
          .noneMatch(jar -> jar.contains("/spark-core"));
      assertThat(settings)
          .containsEntry("spark.executor.memoryOverhead", "10g")
          .containsEntry("spark.executor.instances", "4");
      assertThat(settings.getProperty("spark.executor.extraJavaOptions")).contains("--add-opens");
      assertThat(settings.getProperty("spark.driver.extraJavaOptions"))
          .contains("-Dorg.bytedeco.javacpp.maxbytes=5120m");
    }
  }
}
