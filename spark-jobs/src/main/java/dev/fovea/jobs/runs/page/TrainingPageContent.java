package dev.fovea.jobs.runs.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.runs.record.BestFigure;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.runs.record.Shown;
import dev.fovea.jobs.support.page.Html;
import dev.fovea.jobs.support.page.Page;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The HTML of {@link TrainingPage}: the newest figures for everybody, curves and sample pictures by
 * a script. Long curves and many evaluations are thinned out; the files beside the page have all.
 */
final class TrainingPageContent {
  /** Points of a curve that can be told apart on a screen. */
  private static final int MOST_POINTS = 1000;

  /** Evaluations whose pictures are embedded. */
  private static final int MOST_EVALUATIONS = 8;

  private static final List<String> GROUPS = List.of("Test pictures", "Training", "Critic");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunDescription run;
  private final List<Shown> shown;
  private final RunState state;
  private final Map<String, List<RunEvent>> curves = new TreeMap<>();
  private final RunEvent last;

  TrainingPageContent(
      RunDescription run, List<RunEvent> events, List<Shown> shown, RunState state) {
    this.run = run;
    this.shown = thinned(shown, MOST_EVALUATIONS);
    this.state = state;
    events.forEach(
        event -> curves.computeIfAbsent(event.name(), name -> new ArrayList<>()).add(event));
    this.last = events.isEmpty() ? null : events.get(events.size() - 1);
  }

  String html() {
    Page page = new Page("%s: %s".formatted(run.command(), state));
    page.style(Page.resource(TrainingPageContent.class, "training.css"));
    page.add(masthead()).add("<main id=\"main\">").add(plots()).add(samples()).add(settings());
    page.add("</main>").add(footer()).data("run-data", data());
    page.script(Page.resource(TrainingPageContent.class, "training.js"));
    return page.html();
  }

  private String masthead() {
    return """
        <a class="skip" href="#main">Skip to the curves</a>
        <header class="masthead"><div>
        <div class="bar">
        <span class="brand"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><circle cx="12" cy="12" r="10"/><circle cx="12" cy="12" r="5.5"/><circle cx="12" cy="12" r="1.6" fill="currentColor"/></svg>Fovea</span>
        <nav aria-label="Parts of the page"><a href="#curves">Curves</a>%s<a href="#settings">Settings</a></nav>
        <button type="button" class="button" id="theme">Theme: auto</button>
        </div>
        <h1>Training run</h1>
        <p class="lede"><span class="state %s">%s</span>%s</p>
        <ul class="chips"><li>command <b>%s</b></li><li>run <b>%s</b></li><li>began <b>%s</b></li>%s</ul>
        %s
        </div></header>"""
        .formatted(
            shown.isEmpty() ? "" : "<a href=\"#samples\">Pictures</a>",
            state,
            state,
            last == null ? ", no figures yet" : progress(),
            Html.text(run.command()),
            Html.text(run.id().length() > 8 ? run.id().substring(0, 8) : run.id()),
            clock(run.started()),
            last == null ? "" : "<li>last figures <b>%s</b></li>".formatted(clock(last.time())),
            figures());
  }

  private String progress() {
    String epochs = run.settings().get("num-epochs");
    return ", step <strong>%s</strong>, epoch <strong>%s</strong>%s"
        .formatted(
            String.format(Locale.ROOT, "%,d", last.step()),
            String.format(Locale.ROOT, "%,d", last.epoch()),
            epochs == null ? "" : " of " + Html.text(epochs));
  }

  /** The newest value of each figure that says how good the run is, and the best one. */
  private String figures() {
    StringBuilder html = new StringBuilder("<dl class=\"figures\">");
    for (String name : List.of("test/psnr", "test/ssim", "test/vif", "train/loss")) {
      List<RunEvent> curve = curves.get(name);
      if (curve != null) {
        RunEvent newest = curve.get(curve.size() - 1);
        RunEvent best = BestFigure.of(curve);
        html.append(
            "<div><dt>%s</dt><dd>%s<small>best %s at step %s</small></dd></div>"
                .formatted(
                    Html.text(FigureName.of(name).text()),
                    number(newest.value()),
                    number(best.value()),
                    String.format(Locale.ROOT, "%,d", best.step())));
      }
    }
    return html.append("</dl>").toString();
  }

  private String plots() {
    Map<String, StringBuilder> groups = new LinkedHashMap<>();
    GROUPS.forEach(group -> groups.put(group, new StringBuilder()));
    List<String> names = new ArrayList<>(curves.keySet());
    names.sort(Comparator.comparingInt(FigureName::rank));
    names.forEach(
        name -> {
          List<RunEvent> curve = curves.get(name);
          FigureName title = FigureName.of(name);
          groups
              .computeIfAbsent(title.group(), group -> new StringBuilder())
              .append(
                  """
                  <figure class="plot curve" data-curve="%s"><figcaption><b>%s</b> <span class="now">%s</span></figcaption>
                  <svg viewBox="0 0 380 215" role="slider" tabindex="0" aria-label="%s; arrow keys read values" aria-valuemin="0" aria-valuemax="0" aria-valuenow="0"></svg></figure>
                  """
                      .formatted(
                          Html.text(name),
                          Html.text(title.text()),
                          number(curve.get(curve.size() - 1).value()),
                          Html.text(title.group() + ", " + title.text())));
        });
    StringBuilder html = new StringBuilder();
    html.append(
        """
        <section id="curves"><h2>Curves</h2>
        <div class="controls">
        <label>Smoothing <input type="range" id="smoothing" min="0" max="0.99" step="0.01" value="0.6"><output id="smoothing-shown" for="smoothing">0.60</output></label>
        <label><input type="checkbox" id="log">Logarithmic scale</label>
        <label>Over <select id="over"><option value="step">steps</option><option value="epoch">epochs</option><option value="time">time</option></select></label>
        </div>
        """);
    if (curves.isEmpty()) {
      html.append("<p class=\"muted\">The first figures come at the end of an epoch.</p>");
    }
    groups.forEach(
        (group, plots) -> {
          if (!plots.isEmpty()) {
            html.append(
                    "<h3 class=\"group\">%s</h3><div class=\"plots\">".formatted(Html.text(group)))
                .append(plots)
                .append("</div>");
          }
        });
    return html.append("</section>").toString();
  }

  private String samples() {
    if (shown.isEmpty()) {
      return "";
    }
    Shown newest = shown.get(shown.size() - 1);
    StringBuilder html = new StringBuilder();
    html.append(
        """
        <section id="samples"><h2>Test pictures</h2>
        <p class="muted">Details of a few test pictures: bicubic, the model, the original.</p>
        <div class="stepper"><label for="evaluation">Evaluation</label>
        <input type="range" id="evaluation" min="0" max="%s" step="1" value="%s"><output id="evaluation-shown" for="evaluation">step %s</output></div>
        <div class="samples">
        """
            .formatted(shown.size() - 1, shown.size() - 1, newest.step()));
    for (int i = 0; i < newest.pictures().size(); i++) {
      SamplePicture picture = newest.pictures().get(i);
      html.append(
          """
          <figure><img id="sample-%s" data-name="%s" width="%s" height="%s" alt=""><figcaption>%s</figcaption></figure>
          """
              .formatted(
                  i,
                  Html.text(picture.name()),
                  picture.width(),
                  picture.height(),
                  Html.text(picture.name())));
    }
    return html.append("</div></section>").toString();
  }

  private String settings() {
    return """
        <section id="settings"><h2>Settings</h2>
        <div class="settings"><div class="card"><h3>Options</h3>%s</div><div class="card"><h3>Made by</h3>%s</div></div></section>"""
        .formatted(pairs(run.settings()), pairs(run.provenance()));
  }

  private static String pairs(Map<String, String> pairs) {
    StringBuilder html = new StringBuilder("<dl class=\"pairs\">");
    pairs.forEach(
        (name, value) ->
            html.append("<dt>%s</dt><dd>%s</dd>".formatted(Html.text(name), Html.text(value))));
    return html.append("</dl>").toString();
  }

  private static String footer() {
    return """
        <footer><div>The page is written anew while the run goes on: reload it. All figures are in metrics.jsonl, all pictures in samples, both beside this page.
        <noscript>Curves and pictures need JavaScript.</noscript></div></footer>""";
  }

  private String data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("begin", Instant.parse(run.started()).toEpochMilli() / 1000.0);
    Map<String, Object> drawn = new LinkedHashMap<>();
    curves.forEach((name, curve) -> drawn.put(name, columns(thinned(curve, MOST_POINTS))));
    data.put("curves", drawn);
    data.put("samples", shown.stream().map(TrainingPageContent::embedded).toList());
    try {
      return JSON.writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and text can be written as JSON", e);
    }
  }

  private static Map<String, Object> columns(List<RunEvent> curve) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("step", curve.stream().map(RunEvent::step).toList());
    columns.put("epoch", curve.stream().map(RunEvent::epoch).toList());
    columns.put("value", curve.stream().map(RunEvent::value).toList());
    columns.put(
        "time", curve.stream().map(e -> Instant.parse(e.time()).toEpochMilli() / 1000.0).toList());
    return columns;
  }

  private static Map<String, Object> embedded(Shown shown) {
    return Map.of(
        "step",
        shown.step(),
        "pictures",
        shown.pictures().stream()
            .map(
                picture ->
                    "data:image/png;base64," + Base64.getEncoder().encodeToString(picture.png()))
            .toList());
  }

  /** The first, the last and others between them, evenly. */
  static <T> List<T> thinned(List<T> all, int most) {
    if (all.size() <= most) {
      return List.copyOf(all);
    }
    List<T> kept = new ArrayList<>(most);
    for (int i = 0; i < most; i++) {
      kept.add(all.get((int) ((long) i * (all.size() - 1) / (most - 1))));
    }
    return kept;
  }

  private static String clock(String time) {
    String seconds = Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString();
    return seconds.replace('T', ' ').replace("Z", " UTC");
  }

  private static String number(double value) {
    double size = Math.abs(value);
    if (size >= 1e5 || (size > 0 && size < 1e-3)) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.2f" : "%.4f", value);
  }
}
