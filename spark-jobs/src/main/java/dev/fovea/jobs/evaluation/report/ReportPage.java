package dev.fovea.jobs.evaluation.report;

import dev.fovea.jobs.evaluation.measure.Evaluation;
import dev.fovea.jobs.evaluation.measure.Metric;
import dev.fovea.jobs.evaluation.measure.Protocol;
import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.support.page.Html;
import dev.fovea.jobs.support.page.Page;
import dev.fovea.jobs.support.page.StripPlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The page of a report, from top to bottom. */
final class ReportPage {
  private final Evaluation evaluation;
  private final Report report;
  private final List<Shown> shown;

  ReportPage(Evaluation evaluation, List<Shown> shown) {
    this.evaluation = evaluation;
    this.report = evaluation.report();
    this.shown = List.copyOf(shown);
  }

  String html() {
    FigureTables tables = new FigureTables(report);
    Page page = new Page("Evaluation, " + datasets());
    page.style(Page.resource(ReportPage.class, "report.css"));
    page.add(masthead()).add("<main id=\"main\">").add(leaks());
    page.add(tables.summary()).add(tables.differences());
    if (!shown.isEmpty()) {
      page.add(Page.resource(ReportPage.class, "compare.html"));
    }
    page.add(distributions()).add(pictures()).add(rejected()).add(provenance());
    page.add("</main>").add(footer());
    page.data("report-data", new PageData(evaluation, shown).json());
    page.script(Page.resource(ReportPage.class, "compare.js"));
    page.script(Page.resource(ReportPage.class, "pictures.js"));
    return page.html();
  }

  private String datasets() {
    return evaluation.plan().datasets().stream()
        .map(dataset -> Html.visible(dataset.name()))
        .collect(Collectors.joining(", "));
  }

  private String masthead() {
    Report.Provenance provenance = report.provenance();
    String ratios =
        evaluation.plan().ratios().stream().map(r -> "×" + r).collect(Collectors.joining(", "));
    return """
        <a class="skip" href="#main">Skip to the figures</a>
        <header class="masthead"><div>
        <div class="bar">
        <span class="brand"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><circle cx="12" cy="12" r="10"/><circle cx="12" cy="12" r="5.5"/><circle cx="12" cy="12" r="1.6" fill="currentColor"/></svg>Fovea</span>
        <nav aria-label="Parts of the page"><a href="#summary">Summary</a>%s<a href="#distributions">Distributions</a><a href="#pictures">Pictures</a><a href="#provenance">Provenance</a></nav>
        <button type="button" class="button" id="theme">Theme: auto</button>
        </div>
        <h1>Evaluation report</h1>
        <p class="lede">%s</p>
        <ul class="chips"><li>protocol <b>%s</b></li><li>ratio <b>%s</b></li><li>datasets <b>%s</b></li><li>pictures <b>%s</b></li><li>models <b>%s</b> and bicubic</li><li>%s</li></ul>
        </div></header>"""
        .formatted(
            shown.isEmpty() ? "" : "<a href=\"#compare\">Compare</a>",
            lede(),
            Html.text(evaluation.plan().protocol().id()),
            ratios,
            Html.text(datasets()),
            report.provenance().data().isEmpty() ? 0 : measured(),
            report.models().size(),
            Html.text(
                provenance.started().replaceFirst("\\..*|Z$", "").replace('T', ' ') + " UTC"));
  }

  /** Pictures that have figures at one ratio at least. */
  private long measured() {
    return report.results().stream()
        .filter(result -> result.model().equals(Report.BICUBIC))
        .flatMap(
            result -> result.images().stream().map(image -> result.dataset() + "/" + image.name()))
        .distinct()
        .count();
  }

  /** The most important figure in a sentence: the model with the largest gain. */
  private String lede() {
    Optional<Report.Comparison> best =
        report.comparisons().stream()
            .filter(c -> c.metric().equals(Metric.PSNR.id()) && c.b().equals(Report.BICUBIC))
            .max((a, b) -> Double.compare(a.mean(), b.mean()));
    if (best.isEmpty()) {
      return "Bicubic interpolation alone, measured as a baseline: each photograph was made smaller"
          + " and enlarged again.";
    }
    Report.Comparison c = best.get();
    String where =
        "On %s at ×%s, <strong>%s</strong> "
            .formatted(Html.text(c.dataset()), c.upscaleRatio(), Html.text(c.a()));
    String interval =
        " (95 %% interval %s to %s)"
            .formatted(Figure.signed(c.ci95().low(), 2), Figure.signed(c.ci95().high(), 2));
    if (c.ci95().low() > 0) {
      return where
          + "is <strong>%s dB</strong> nearer to the originals than bicubic"
              .formatted(Figure.plain(c.mean(), 2))
          + interval
          + ".";
    }
    return where
        + "cannot be told from bicubic: "
        + Figure.signed(c.mean(), 2)
        + " dB"
        + interval
        + ".";
  }

  private String leaks() {
    StringBuilder html = new StringBuilder();
    List<String> unknown =
        report.models().stream()
            .map(Report.Model::id)
            .filter(
                id ->
                    !report
                        .provenance()
                        .models()
                        .getOrDefault(id, java.util.Collections.emptySortedMap())
                        .getOrDefault("training_pictures_compared", "")
                        .matches("\\d+"))
            .toList();
    if (!report.leaks().isEmpty()) {
      html.append("<section class=\"notice\" id=\"leaks\" aria-labelledby=\"leaks-heading\">")
          .append("<h2 id=\"leaks-heading\">⚠ Trained on what is measured here</h2><p>")
          .append(
              "%d of the pictures are, or are copies of, pictures that a model was trained on. Its figures on them say nothing of new pictures."
                  .formatted(
                      report.leaks().stream()
                          .map(leak -> leak.dataset() + "/" + leak.name())
                          .distinct()
                          .count()))
          .append("</p><div class=\"scroll\"><table><thead><tr><th>Picture</th><th>Model</th>")
          .append("<th>Training picture</th><th>Match</th></tr></thead><tbody>");
      for (Report.Leak leak : report.leaks()) {
        html.append(
            "<tr><td><bdi>%s/%s</bdi></td><td><bdi>%s</bdi></td><td><bdi>%s</bdi></td><td>%s</td></tr>"
                .formatted(
                    Html.text(leak.dataset()),
                    Html.text(leak.name()),
                    Html.text(leak.model()),
                    Html.text(leak.trainingPicture()),
                    Html.text(
                        switch (leak.match()) {
                          case "identical" -> "the same file";
                          case "turned" ->
                              "turned or mirrored, %d of 256 bits differ"
                                  .formatted(leak.distance());
                          default -> "%d of 256 bits differ".formatted(leak.distance());
                        })));
      }
      html.append("</tbody></table></div></section>");
    }
    if (!unknown.isEmpty()) {
      html.append(
          "<p class=\"small muted\" style=\"margin-top:24px\">Training data unknown: <bdi>%s</bdi>. Its checkpoint has no fingerprints of the pictures it was trained on, so nobody can tell whether some of them are measured here.</p>"
              .formatted(Html.text(String.join(", ", unknown))));
    }
    return html.toString();
  }

  private String distributions() {
    StringBuilder html =
        new StringBuilder(
            "<section id=\"distributions\" aria-labelledby=\"distributions-heading\"><h2 id=\"distributions-heading\">How the pictures are distributed</h2><p class=\"muted\">A dot is a picture; the box holds the middle half, the bar is the median.</p>");
    for (int ratio : evaluation.plan().ratios()) {
      List<Report.Result> results =
          report.results().stream().filter(r -> r.upscaleRatio() == ratio).toList();
      if (results.isEmpty()) {
        continue;
      }
      if (evaluation.plan().ratios().size() > 1) {
        html.append("<h3>×").append(ratio).append("</h3>");
      }
      html.append("<div class=\"plots\">");
      for (Metric metric : Metric.values()) {
        html.append(strip(results, ratio, metric).figure());
      }
      html.append("</div>");
    }
    return html.append("</section>").toString();
  }

  private StripPlot strip(List<Report.Result> results, int ratio, Metric metric) {
    List<StripPlot.Row> rows = new ArrayList<>();
    String dataset = null;
    for (Report.Result result : results) {
      boolean first = !result.dataset().equals(dataset);
      dataset = result.dataset();
      rows.add(
          new StripPlot.Row(
              first ? Html.visible(dataset) : "",
              Html.visible(result.model()),
              Figure.series(evaluation.plan().ids(ratio), result.model()),
              result.images().stream().map(image -> Figure.of(image, metric)).toList()));
    }
    String title = metric == Metric.PSNR ? "PSNR, dB" : metric.name();
    return new StripPlot(title, rows, Figure.digits(metric));
  }

  private String pictures() {
    String datasets = "";
    for (int i = 0; i < evaluation.plan().datasets().size(); i++) {
      datasets +=
          "<option value=\"%s\">%s</option>"
              .formatted(i, Html.text(evaluation.plan().datasets().get(i).name()));
    }
    String ratios = "";
    for (int i = 0; i < evaluation.plan().ratios().size(); i++) {
      ratios += "<option value=\"%s\">×%s</option>".formatted(i, evaluation.plan().ratios().get(i));
    }
    return Page.resource(ReportPage.class, "pictures.html")
        .replace("{ratios}", ratios)
        .replace("{datasets}", datasets);
  }

  private String rejected() {
    if (report.rejected().isEmpty()) {
      return "";
    }
    StringBuilder html =
        new StringBuilder(
            "<section id=\"rejected\" aria-labelledby=\"rejected-heading\"><h2 id=\"rejected-heading\">Not measured</h2><div class=\"card scroll\"><table><thead><tr><th>File</th><th>Reason</th></tr></thead><tbody>");
    for (Report.Rejected each : report.rejected()) {
      html.append(
          "<tr><td><bdi>%s/%s</bdi></td><td>%s</td></tr>"
              .formatted(
                  Html.text(each.dataset()), Html.text(each.name()), Html.text(each.reason())));
    }
    return html.append("</tbody></table></div></section>").toString();
  }

  private String provenance() {
    Report.Provenance provenance = report.provenance();
    StringBuilder html =
        new StringBuilder(
            "<section id=\"provenance\" aria-labelledby=\"provenance-heading\"><h2 id=\"provenance-heading\">Where the figures come from</h2><p class=\"muted\">%s</p><div class=\"grid2\">"
                .formatted(protocolInWords()));
    html.append(card("Protocol and settings", provenance.settings()));
    for (Map.Entry<String, SortedMap<String, String>> model : provenance.models().entrySet()) {
      String checkpoint =
          report.models().stream()
              .filter(m -> m.id().equals(model.getKey()))
              .map(Report.Model::checkpoint)
              .findFirst()
              .orElse("");
      SortedMap<String, String> pairs = new java.util.TreeMap<>(model.getValue());
      pairs.put("checkpoint", checkpoint);
      html.append(card("Model " + model.getKey(), pairs));
    }
    html.append(card("Fingerprints of the data (SHA-256)", provenance.data()));
    SortedMap<String, String> machine = new java.util.TreeMap<>(provenance.versions());
    machine.put("system", provenance.os());
    machine.put("started", provenance.started());
    machine.put("seconds", Figure.plain(provenance.seconds(), 1));
    provenance.engine().forEach((name, value) -> machine.put("engine " + name, value));
    html.append(card("Versions and machine", machine));
    return html.append("</div></section>").toString();
  }

  private String protocolInWords() {
    return evaluation.plan().protocol() == Protocol.Y
        ? "Protocol y, that of the literature: figures are computed on the luma of BT.601 with a border of the upscale ratio cut off; larger is better in all three."
        : "Protocol rgb: figures are computed on all channels of the whole picture; larger is better in all three.";
  }

  private static String card(String title, SortedMap<String, String> pairs) {
    StringBuilder html = new StringBuilder("<div class=\"card\"><h3 style=\"margin-top:0\"><bdi>");
    html.append(Html.text(title)).append("</bdi></h3><dl class=\"pairs\">");
    pairs.forEach(
        (name, value) ->
            html.append("<dt>")
                .append(Html.text(name.replace('_', ' ')))
                .append("</dt><dd")
                .append(value.matches("[0-9a-f-]{32,}") ? " class=\"mono\"" : "")
                .append("><bdi>")
                .append(Html.text(value))
                .append("</bdi></dd>"));
    return html.append("</dl></div>").toString();
  }

  private String footer() {
    return "<footer><div>Made by Fovea %s. This page loads nothing from the network; the whole pictures lie beside it in <code>pictures/</code>.</div></footer>"
        .formatted(Html.text(report.provenance().versions().getOrDefault("fovea", "")));
  }
}
