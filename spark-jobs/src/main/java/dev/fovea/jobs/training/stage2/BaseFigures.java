package dev.fovea.jobs.training.stage2;

import dev.fovea.jobs.evaluation.measure.Scores;
import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Outcome;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the evaluation inside training says of the model that fine-tuning started from. A run's
 * checkpoints keep it among their settings.
 *
 * @param model its name
 * @param test the fingerprint of the test pictures
 * @param scores the means over them
 */
record BaseFigures(String model, String test, Scores scores) {
  private static final String MODEL = "base-model";
  private static final String TEST = "base-test-fingerprint";
  private static final String PSNR = "base-psnr";
  private static final String SSIM = "base-ssim";
  private static final String VIF = "base-vif";

  /** Reads what {@link #recorded} wrote; empty where it is not whole. */
  static Optional<BaseFigures> of(Map<String, String> recorded) {
    try {
      return Optional.of(
          new BaseFigures(
              recorded.get(MODEL),
              recorded.get(TEST),
              new Scores(
                  Double.parseDouble(recorded.get(PSNR)),
                  Double.parseDouble(recorded.get(SSIM)),
                  Double.parseDouble(recorded.get(VIF)))));
    } catch (NumberFormatException | NullPointerException e) {
      return Optional.empty();
    }
  }

  Map<String, String> recorded() {
    Map<String, String> recorded = new LinkedHashMap<>();
    recorded.put(MODEL, model);
    recorded.put(TEST, test);
    recorded.put(PSNR, Double.toString(scores.psnr()));
    recorded.put(SSIM, Double.toString(scores.ssim()));
    recorded.put(VIF, Double.toString(scores.vif()));
    return recorded;
  }

  Map<String, Double> events() {
    Map<String, Double> events = new LinkedHashMap<>();
    events.put("base/psnr", scores.psnr());
    events.put("base/ssim", scores.ssim());
    events.put("base/vif", scores.vif());
    return events;
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "base model  %s  PSNR %.2f dB  SSIM %.4f  VIF %.4f",
        model,
        scores.psnr(),
        scores.ssim(),
        scores.vif());
  }

  /** The figures, and how far an evaluation is from them. */
  String beside(Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "  beside the base model's %.2f dB, %.4f, %.4f: %+.2f dB, %+.4f, %+.4f",
        scores.psnr(),
        scores.ssim(),
        scores.vif(),
        outcome.mean().psnr() - scores.psnr(),
        outcome.mean().ssim() - scores.ssim(),
        outcome.mean().vif() - scores.vif());
  }
}
