package dev.fovea.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** Collects where a report's figures come from. Of the host it names the system and no more. */
final class ReportProvenance {
  private ReportProvenance() {}

  static Report.Provenance of(
      EvaluateJob.Plan plan, String sparkVersion, Instant started, Duration took) {
    SortedMap<String, String> versions = new TreeMap<>();
    versions.put("fovea", fovea());
    versions.put("java", System.getProperty("java.version"));
    versions.put("spark", sparkVersion);
    SortedMap<String, String> engine = new TreeMap<>();
    if (!plan.models().isEmpty()) {
      versions.put(
          "deeplearning4j",
          library(ComputationGraph.class, "org.deeplearning4j", "deeplearning4j-nn"));
      versions.put("nd4j", library(Nd4j.class, "org.nd4j", "nd4j-api"));
      engine.put("name", plan.engine().engineOnClassPath().name());
      engine.put("device", plan.engine().device());
      engine.put("precision", plan.engine().precision());
    }
    SortedMap<String, SortedMap<String, String>> models = new TreeMap<>();
    plan.models().forEach(model -> models.put(model.id(), model.provenance()));
    return new Report.Provenance(
        versions,
        settings(plan),
        models,
        engine,
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        started.toString(),
        took.toMillis() / 1000.0);
  }

  private static SortedMap<String, String> settings(EvaluateJob.Plan plan) {
    boolean luma = plan.protocol() == Protocol.Y;
    return new TreeMap<>(
        Map.of(
            "protocol",
            plan.protocol().id(),
            "low_resolution",
            "MATLAB imresize bicubic, 8 bit",
            "prediction",
            "8 bit",
            "channels",
            luma ? "Y of BT.601, 16 to 235; grey as it is" : "RGB",
            "border",
            luma ? "upscale ratio" : "0",
            "ssim",
            "11x11 Gaussian 1.5, valid window",
            "vif",
            "pixel domain, 0 to 255",
            "psnr_ceiling",
            String.valueOf(Scores.PSNR_CEILING),
            "bootstrap_resamples",
            String.valueOf(plan.bootstrap().resamples()),
            "bootstrap_seed",
            String.valueOf(plan.bootstrap().seed())));
  }

  /** Maven leaves a library's version beside its classes; ours lies in the jar's manifest. */
  private static String library(Class<?> type, String group, String artifact) {
    String path = "/META-INF/maven/%s/%s/pom.properties".formatted(group, artifact);
    Properties properties = new Properties();
    try (InputStream in = type.getResourceAsStream(path)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }

  private static String fovea() {
    return Optional.ofNullable(ReportProvenance.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
