package dev.fovea.jobs.evaluation.report;

import dev.fovea.jobs.evaluation.measure.Metric;
import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.support.page.Html;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The means, with the best of each group marked, and the differences with their intervals. */
final class FigureTables {
  private final Report report;

  FigureTables(Report report) {
    this.report = report;
  }

  String summary() {
    StringBuilder html =
        new StringBuilder(
            "<section id=\"summary\" aria-labelledby=\"summary-heading\"><h2 id=\"summary-heading\">Summary</h2><p class=\"muted\">Means over the pictures; larger is better. ★ marks the best of a group.</p>");
    Map<Integer, Map<String, List<Report.Result>>> groups = new LinkedHashMap<>();
    for (Report.Result result : report.results()) {
      groups
          .computeIfAbsent(result.upscaleRatio(), ratio -> new LinkedHashMap<>())
          .computeIfAbsent(result.dataset(), dataset -> new ArrayList<>())
          .add(result);
    }
    boolean compared = !report.comparisons().isEmpty();
    html.append(
        "<div class=\"card scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Summary table\"><table class=\"summary\"><thead><tr><th scope=\"col\">Dataset</th><th scope=\"col\">Ratio</th><th scope=\"col\">Model</th><th scope=\"col\" class=\"num\">Pictures</th><th scope=\"col\" class=\"num\">PSNR, dB</th><th scope=\"col\" class=\"num\">SSIM</th><th scope=\"col\" class=\"num\">VIF</th>");
    html.append(compared ? "<th scope=\"col\" class=\"num\">PSNR against bicubic</th>" : "");
    html.append("</tr></thead>");
    groups.keySet().stream()
        .sorted()
        .forEach(
            ratio ->
                groups
                    .get(ratio)
                    .values()
                    .forEach(results -> html.append(group(results, ratio, compared))));
    return html.append("</table></div></section>").toString();
  }

  private String group(List<Report.Result> results, int ratio, boolean compared) {
    List<String> ids = results.stream().map(Report.Result::model).toList();
    StringBuilder html = new StringBuilder("<tbody>");
    for (int i = 0; i < results.size(); i++) {
      Report.Result result = results.get(i);
      html.append(
          "<tr data-dataset=\"%s\" data-ratio=\"%s\" data-model=\"%s\">"
              .formatted(
                  Html.text(result.dataset()), result.upscaleRatio(), Html.text(result.model())));
      html.append("<td class=\"dataset\">");
      html.append(i == 0 ? "<bdi>" + Html.text(result.dataset()) + "</bdi>" : "");
      html.append("</td><td>").append(i == 0 ? "×" + result.upscaleRatio() : "").append("</td>");
      html.append(
          "<th scope=\"row\"><i class=\"swatch s%s\" aria-hidden=\"true\"></i><bdi>%s</bdi></th><td class=\"num\">%s</td>"
              .formatted(
                  Figure.series(ids, result.model()),
                  Html.text(result.model()),
                  result.images().size()));
      for (Metric metric : Metric.values()) {
        double best = results.stream().mapToDouble(r -> Figure.of(r, metric)).max().orElse(0);
        boolean marked = results.size() > 1 && Figure.of(result, metric) == best;
        html.append(
            "<td class=\"num%s\" data-metric=\"%s\">%s%s</td>"
                .formatted(
                    marked ? " best" : "",
                    metric.id(),
                    Figure.plain(Figure.of(result, metric), Figure.digits(metric)),
                    marked ? "<span class=\"visually-hidden\"> best</span>" : ""));
      }
      if (compared) {
        html.append("<td class=\"num\">")
            .append(
                find(result.model(), Report.BICUBIC, result.dataset(), ratio, Metric.PSNR)
                    .map(c -> difference(c, 2))
                    .orElse(""))
            .append("</td>");
      }
      html.append("</tr>");
    }
    return html.append("</tbody>").toString();
  }

  /** All pairs; nothing where there are none, or where the summary already says it. */
  String differences() {
    if (report.comparisons().isEmpty()) {
      return "";
    }
    StringBuilder html =
        new StringBuilder(
            "<section id=\"differences\" aria-labelledby=\"differences-heading\"><h2 id=\"differences-heading\">Differences</h2><p class=\"muted\">How much better the first is than the second, picture by picture, with the 95 % bootstrap interval of the mean. Where the interval holds zero the difference is unclear.</p><div class=\"card scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of differences\"><table><thead><tr><th scope=\"col\">Dataset</th><th scope=\"col\">Models</th><th scope=\"col\" class=\"num\">PSNR, dB</th><th scope=\"col\" class=\"num\">SSIM</th><th scope=\"col\" class=\"num\">VIF</th></tr></thead><tbody>");
    for (Report.Comparison c : report.comparisons()) {
      if (!c.metric().equals(Metric.PSNR.id())) {
        continue;
      }
      html.append(
          "<tr><td><bdi>%s</bdi>, ×%s</td><th scope=\"row\"><bdi>%s</bdi> <span class=\"muted\">against</span> <bdi>%s</bdi></th>"
              .formatted(
                  Html.text(c.dataset()), c.upscaleRatio(), Html.text(c.a()), Html.text(c.b())));
      for (Metric metric : Metric.values()) {
        html.append("<td class=\"num\">")
            .append(
                find(c.a(), c.b(), c.dataset(), c.upscaleRatio(), metric)
                    .map(each -> difference(each, Figure.digits(metric)))
                    .orElse(""))
            .append("</td>");
      }
      html.append("</tr>");
    }
    return html.append("</tbody></table></div></section>").toString();
  }

  private Optional<Report.Comparison> find(
      String a, String b, String dataset, int ratio, Metric metric) {
    return report.comparisons().stream()
        .filter(c -> c.a().equals(a) && c.b().equals(b) && c.dataset().equals(dataset))
        .filter(c -> c.upscaleRatio() == ratio && c.metric().equals(metric.id()))
        .findFirst();
  }

  private String difference(Report.Comparison c, int digits) {
    boolean unclear = c.ci95().low() <= 0 && c.ci95().high() >= 0;
    List<Report.Comparison> scale =
        report.comparisons().stream().filter(each -> each.metric().equals(c.metric())).toList();
    double low = scale.stream().mapToDouble(each -> Math.min(0, each.ci95().low())).min().orElse(0);
    double high =
        scale.stream().mapToDouble(each -> Math.max(0, each.ci95().high())).max().orElse(0);
    double unit = 116 / Math.max(high - low, 1e-9);
    String words =
        "%s to %s%s"
            .formatted(
                Figure.signed(c.ci95().low(), digits),
                Figure.signed(c.ci95().high(), digits),
                unclear ? ", unclear" : "");
    return String.format(
        Locale.ROOT,
        "<span class=\"diff\"><span>%s<br><span class=\"note\">%s</span></span><svg class=\"interval%s\" viewBox=\"0 0 132 20\" aria-hidden=\"true\"><path class=\"zero\" d=\"M%.1f 1V19\"/><path class=\"range\" d=\"M%.1f 10H%.1f\"/><circle class=\"mean\" cx=\"%.1f\" cy=\"10\" r=\"4.5\"/></svg></span>",
        Figure.signed(c.mean(), digits),
        words,
        unclear ? " unclear" : "",
        8 - low * unit,
        8 + (c.ci95().low() - low) * unit,
        8 + (c.ci95().high() - low) * unit,
        8 + (c.mean() - low) * unit);
  }
}
