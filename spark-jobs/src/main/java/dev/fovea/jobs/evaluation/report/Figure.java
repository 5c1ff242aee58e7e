package dev.fovea.jobs.evaluation.report;

import dev.fovea.jobs.evaluation.measure.Metric;
import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.support.page.LinePlot;
import java.util.List;
import java.util.Locale;

/** How figures are written, and in which colour. */
final class Figure {
  private Figure() {}

  static double of(Report.Image image, Metric metric) {
    return switch (metric) {
      case PSNR -> image.psnr();
      case SSIM -> image.ssim();
      case VIF -> image.vif();
    };
  }

  static double of(Report.Result result, Metric metric) {
    return switch (metric) {
      case PSNR -> result.psnr();
      case SSIM -> result.ssim();
      case VIF -> result.vif();
    };
  }

  static int digits(Metric metric) {
    return metric == Metric.PSNR ? 2 : 4;
  }

  static String plain(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value).replace('-', '−');
  }

  static String signed(double value, int digits) {
    return String.format(Locale.ROOT, "%+." + digits + "f", value).replace('-', '−');
  }

  /** The last colour is bicubic's, the others are the models' in their order. */
  static int series(List<String> ids, String id) {
    return id.equals(Report.BICUBIC)
        ? LinePlot.MOST_SERIES
        : ids.indexOf(id) % (LinePlot.MOST_SERIES - 1) + 1;
  }
}
