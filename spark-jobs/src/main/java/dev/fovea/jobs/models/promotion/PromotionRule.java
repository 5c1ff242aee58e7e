package dev.fovea.jobs.models.promotion;

import dev.fovea.jobs.evaluation.measure.Interval;
import dev.fovea.jobs.evaluation.measure.Metric;
import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.models.registry.Entry;
import dev.fovea.jobs.models.registry.Entry.Evidence;
import dev.fovea.jobs.models.store.PinnedCheckpoint;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Lets a candidate into service only if a report shows it better than the model that serves, and
 * than bicubic where none serves: on every dataset the lower end of the 95 % confidence interval of
 * the difference lies above the margin.
 *
 * @param metric what counts
 * @param margin by how much, in the metric's unit (dB for PSNR)
 */
public record PromotionRule(Metric metric, double margin) {

  /**
   * @throws UsageException if the margin is no finite number
   */
  public PromotionRule {
    if (!Double.isFinite(margin)) {
      throw new UsageException(Setting.MARGIN, margin, "a finite number is needed");
    }
  }

  /**
   * Judges by what the report says.
   *
   * @param serving the decision in force, if there is one
   * @param reportPath for messages
   * @throws UsageException if the report does not measure the candidate and what serves, on the
   *     same pictures
   */
  public Verdict judge(
      Report report, PinnedCheckpoint candidate, Optional<Entry> serving, Object reportPath) {
    String id = id(report, candidate.state().runId(), candidate.state().step());
    if (id == null) {
      throw new UsageException(
          Setting.REPORT_PATH,
          reportPath,
          "it does not measure the candidate %s (run %s, step %d); 'fovea evaluate %s' does"
              .formatted(
                  candidate.path(),
                  candidate.state().runId(),
                  candidate.state().step(),
                  Setting.CHECKPOINT_PATH));
    }
    List<Report.Leak> leaks =
        report.leaks().stream().filter(leak -> leak.model().equals(id)).toList();
    if (!leaks.isEmpty()) {
      Report.Leak first = leaks.get(0);
      return new Verdict.Refused(
          "it was trained on %s it is measured with, such as %s of %s"
              .formatted(
                  Figures.count(leaks.size(), "picture", "pictures"),
                  first.name(),
                  first.dataset()));
    }
    String against = Report.BICUBIC;
    if (serving.isPresent()) {
      Entry entry = serving.get();
      against = id(report, entry.runId(), entry.step());
      if (against == null) {
        throw new UsageException(
            Setting.REPORT_PATH,
            reportPath,
            "it does not measure the model in service (number %d: %s, run %s, step %d) beside the candidate; name the registry as one of evaluate's %s"
                .formatted(
                    entry.number(),
                    entry.model(),
                    entry.runId(),
                    entry.step(),
                    Setting.CHECKPOINT_PATH));
      }
      if (entry.upscaleRatio() != candidate.upscaleRatio()) {
        return new Verdict.Refused(
            "the candidate upscales %d times, the model in service (number %d) %d times"
                .formatted(candidate.upscaleRatio(), entry.number(), entry.upscaleRatio()));
      }
    }
    List<Evidence> evidence = evidence(report, id, against);
    if (evidence.isEmpty()) {
      throw new UsageException(
          Setting.REPORT_PATH,
          reportPath,
          "it has no comparison of '%s' and '%s' by %s".formatted(id, against, metric.id()));
    }
    for (Evidence each : evidence) {
      if (!(each.lower() > margin)) {
        return new Verdict.Refused(
            "on %s it is not better by %s: %s"
                .formatted(each.dataset(), figure(margin), words(each)));
      }
    }
    return new Verdict.Better(
        String.join("; ", evidence.stream().map(PromotionRule::words).toList()), evidence);
  }

  private List<Evidence> evidence(Report report, String candidate, String against) {
    List<Evidence> evidence = new ArrayList<>();
    for (Report.Comparison each : report.comparisons()) {
      if (!each.metric().equals(metric.id())) {
        continue;
      }
      Interval ci = each.ci95();
      if (each.a().equals(candidate) && each.b().equals(against)) {
        evidence.add(evidence(each, against, each.mean(), ci.low(), ci.high()));
      } else if (each.a().equals(against) && each.b().equals(candidate)) {
        evidence.add(evidence(each, against, -each.mean(), -ci.high(), -ci.low()));
      }
    }
    return evidence;
  }

  private static Evidence evidence(
      Report.Comparison comparison, String against, double mean, double lower, double upper) {
    return new Evidence(
        against,
        comparison.dataset(),
        comparison.protocol(),
        comparison.metric(),
        mean,
        lower,
        upper);
  }

  /** The id of the model of that run and step; null if the report has none. */
  private static String id(Report report, String runId, long step) {
    return report.provenance().models().entrySet().stream()
        .filter(model -> runId.equals(model.getValue().get("run_id")))
        .filter(model -> Long.toString(step).equals(model.getValue().get("step")))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private static String words(Evidence evidence) {
    return "%s against %s on %s (%s) %s, 95 %% between %s and %s"
        .formatted(
            evidence.metric(),
            evidence.against(),
            evidence.dataset(),
            evidence.protocol(),
            figure(evidence.mean()),
            figure(evidence.lower()),
            figure(evidence.upper()));
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }
}
