package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.runs.record.Versions;
import dev.fovea.jobs.support.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.nd4j.linalg.factory.Nd4j;

/** Collects where a report's figures come from. Of the host it names the system and no more. */
final class ReportProvenance {
  /** What a report says of the training data of a checkpoint without fingerprints. */
  static final String UNKNOWN = "training data unknown";

  private ReportProvenance() {}

  static Report.Provenance of(
      EvaluateJob.Plan plan,
      List<PictureOutcome> outcomes,
      String sparkVersion,
      Instant started,
      Duration took) {
    SortedMap<String, String> versions = new TreeMap<>();
    versions.put("fovea", Versions.fovea());
    versions.put("java", System.getProperty("java.version"));
    versions.put("spark", sparkVersion);
    SortedMap<String, String> engine = new TreeMap<>();
    if (!plan.models().isEmpty()) {
      versions.put("deeplearning4j", Versions.deeplearning4j());
      versions.put("nd4j", Versions.library(Nd4j.class, "org.nd4j", "nd4j-api"));
      engine.put("name", plan.engine().engineForUpscaling().name());
      engine.put("device", plan.engine().device());
      engine.put("precision", plan.engine().precision());
    }
    SortedMap<String, SortedMap<String, String>> models = new TreeMap<>();
    for (EvaluatedModel model : plan.models()) {
      SortedMap<String, String> known = new TreeMap<>(model.provenance());
      known.put(
          "training_pictures_compared",
          model.training().map(t -> String.valueOf(t.all().size())).orElse(UNKNOWN));
      models.put(model.id(), known);
    }
    return new Report.Provenance(
        versions,
        settings(plan),
        models,
        fingerprints(plan, outcomes),
        engine,
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        started.toString(),
        took.toMillis() / 1000.0);
  }

  private static SortedMap<String, String> fingerprints(
      EvaluateJob.Plan plan, List<PictureOutcome> outcomes) {
    SortedMap<String, String> fingerprints = new TreeMap<>();
    int first = 0;
    for (Dataset dataset : plan.datasets()) {
      List<PictureOutcome> own = outcomes.subList(first, first + dataset.files().size());
      first += own.size();
      String sorted =
          own.stream()
              .filter(outcome -> !outcome.figures().isEmpty())
              .map(PictureOutcome::sha256)
              .sorted()
              .collect(Collectors.joining("\n"));
      fingerprints.put(dataset.name(), Sha256.hex(sorted.getBytes(StandardCharsets.US_ASCII)));
    }
    return fingerprints;
  }

  private static SortedMap<String, String> settings(EvaluateJob.Plan plan) {
    boolean luma = plan.protocol() == Protocol.Y;
    boolean given = plan.files().stream().anyMatch(file -> !file.low().isEmpty());
    return new TreeMap<>(
        Map.of(
            "protocol",
            plan.protocol().id(),
            "low_resolution",
            given ? "given" : "MATLAB imresize bicubic, 8 bit",
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
