package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Table;
import java.util.Locale;

/** Prints a report for people: the means, the comparisons of PSNR, what was rejected. */
final class SummaryTable {
  private static final int REJECTIONS_SHOWN = 20;
  private static final int LEAKS_SHOWN = 100;

  private SummaryTable() {}

  static void print(Report report, Console console) {
    Table means =
        new Table("dataset", "protocol", "ratio", "model", "pictures", "PSNR", "SSIM", "VIF");
    for (Report.Result result : report.results()) {
      means.row(
          result.dataset(),
          result.protocol(),
          "x" + result.upscaleRatio(),
          result.model(),
          String.valueOf(result.images().size()),
          figure("%.2f", result.psnr()),
          figure("%.4f", result.ssim()),
          figure("%.4f", result.vif()));
    }
    console.table(means);
    for (Report.Result result : report.results()) {
      long equal =
          result.images().stream().filter(image -> image.psnr() == Scores.PSNR_CEILING).count();
      if (equal > 0) {
        console.note(
            "%s x%d, %s: %s of %s equal the original, pixel by pixel: left out of the mean of PSNR"
                .formatted(
                    result.dataset(),
                    result.upscaleRatio(),
                    result.model(),
                    Figures.count(equal, "picture", "pictures"),
                    Figures.count(result.images().size())));
      }
    }
    if (!report.comparisons().isEmpty()) {
      console.line("");
      Table differences = new Table("dataset", "ratio", "model", "against", "PSNR", "95 %");
      for (Report.Comparison each : report.comparisons()) {
        if (each.metric().equals(Metric.PSNR.id())) {
          differences.row(
              each.dataset(),
              "x" + each.upscaleRatio(),
              each.a(),
              each.b(),
              figure("%+.2f", each.mean()),
              figure("%+.2f", each.ci95().low()) + " to " + figure("%+.2f", each.ci95().high()));
        }
      }
      console.table(differences);
    }
    for (Report.Leak leak : report.leaks().stream().limit(LEAKS_SHOWN).toList()) {
      console.note(
          "warning: %s/%s is among the pictures that %s was trained on, as %s (%s): its figures say"
                  .formatted(
                      leak.dataset(),
                      leak.name(),
                      leak.model(),
                      leak.trainingPicture(),
                      leak.match())
              + " nothing of new pictures");
    }
    if (report.leaks().size() > LEAKS_SHOWN) {
      console.note(
          "warning: and %d more pictures of the training data, all in %s"
              .formatted(report.leaks().size() - LEAKS_SHOWN, ReportFormat.FILE_NAME));
    }
    report.rejected().stream()
        .limit(REJECTIONS_SHOWN)
        .forEach(
            each ->
                console.note(
                    "rejected %s/%s: %s".formatted(each.dataset(), each.name(), each.reason())));
    if (report.rejected().size() > REJECTIONS_SHOWN) {
      console.note(
          "and %d more, all in %s"
              .formatted(report.rejected().size() - REJECTIONS_SHOWN, ReportFormat.FILE_NAME));
    }
  }

  private static String figure(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
