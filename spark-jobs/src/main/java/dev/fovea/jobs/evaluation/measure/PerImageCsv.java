package dev.fovea.jobs.evaluation.measure;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** {@link Report} as a table for spreadsheets and scripts (RFC 4180): a line for each figure. */
public final class PerImageCsv {
  public static final String FILE_NAME = "per-image.csv";

  private static final String NEW_LINE = "\r\n";

  private PerImageCsv() {}

  /**
   * Dataset, protocol, ratio, model, name, SHA-256, PSNR, SSIM and VIF of each picture, in the
   * report's order. A name may hold line breaks, which the quotes around it keep together.
   */
  public static byte[] write(Report report) {
    StringBuilder csv = new StringBuilder();
    csv.append("dataset,protocol,upscale_ratio,model,name,sha256,psnr,ssim,vif").append(NEW_LINE);
    for (Report.Result result : report.results()) {
      String start =
          "%s,%s,%s,%s,"
              .formatted(
                  quoted(result.dataset()),
                  result.protocol(),
                  result.upscaleRatio(),
                  quoted(result.model()));
      for (Report.Image image : result.images()) {
        csv.append(start)
            .append(quoted(image.name()))
            .append(',')
            .append(image.sha256())
            .append(
                String.format(
                    Locale.ROOT, ",%.6f,%.8f,%.8f", image.psnr(), image.ssim(), image.vif()))
            .append(NEW_LINE);
      }
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Spreadsheets run what begins like a formula; an apostrophe makes it text. */
  private static String quoted(String text) {
    String plain = text.matches("(?s)[=+\\-@\\t\\r].*") ? "'" + text : text;
    return plain.matches("[A-Za-z0-9_ ./-]*") ? plain : "\"" + plain.replace("\"", "\"\"") + "\"";
  }
}
