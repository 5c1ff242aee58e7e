package dev.fovea.evaluation;

import dev.fovea.run.Versions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.factory.Nd4j;

/** Collects where a report's figures come from. Of the host it names the system and no more. */
final class ReportProvenance {
  private ReportProvenance() {}

  static Report.Provenance of(
      EvaluateJob.Plan plan, String sparkVersion, Instant started, Duration took) {
    SortedMap<String, String> versions = new TreeMap<>();
    versions.put("fovea", Versions.fovea());
    versions.put("java", System.getProperty("java.version"));
    versions.put("spark", sparkVersion);
    SortedMap<String, String> engine = new TreeMap<>();
    if (!plan.models().isEmpty()) {
      versions.put("deeplearning4j", Versions.deeplearning4j());
      versions.put("nd4j", Versions.library(Nd4j.class, "org.nd4j", "nd4j-api"));
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
}
