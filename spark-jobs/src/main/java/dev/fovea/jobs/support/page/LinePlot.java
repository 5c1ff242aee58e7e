package dev.fovea.jobs.support.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Curves over one axis, as inline SVG in the page's colours. Curves differ by dashes and by a name
 * at their end as well as by colour.
 *
 * @param title what is shown, also read aloud
 * @param xLabel what runs from left to right
 * @param series the curves, at most {@value #MOST_SERIES} of which look different
 */
public record LinePlot(String title, String xLabel, List<Series> series) {
  public static final int MOST_SERIES = 6;

  private static final int WIDTH = 480;
  private static final int HEIGHT = 260;
  private static final int LEFT = 52;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 40;

  /** Points that a curve keeps; others would not be seen at this size. */
  private static final int MOST_POINTS = 600;

  public LinePlot {
    series = List.copyOf(series);
  }

  /**
   * A curve.
   *
   * @param name plain text
   * @param x ascending
   * @param y as many; what is not finite interrupts the curve
   */
  public record Series(String name, List<Double> x, List<Double> y) {
    /**
     * @throws IllegalArgumentException if there are not as many of both
     */
    public Series {
      x = List.copyOf(x);
      y = List.copyOf(y);
      if (x.size() != y.size()) {
        throw new IllegalArgumentException(
            "curve '%s' has %d x and %d y".formatted(name, x.size(), y.size()));
      }
    }
  }

  /** The plot as a figure element, with a legend where there are several curves. */
  public String figure() {
    StringBuilder html = new StringBuilder("<figure class=\"plot\"><figcaption>");
    html.append(Html.text(title)).append("</figcaption>").append(svg());
    if (series.size() > 1) {
      html.append("<ul class=\"legend\">");
      for (int i = 0; i < series.size(); i++) {
        html.append(
            "<li><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path class=\"line s%s\" d=\"M0 4H28\"/></svg>%s</li>"
                .formatted(number(i), Html.text(series.get(i).name())));
      }
      html.append("</ul>");
    }
    return html.append("</figure>").toString();
  }

  private String svg() {
    Axis x = axis(series.stream().map(Series::x).toList(), 6);
    Axis y = axis(series.stream().map(Series::y).toList(), 5);
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"".formatted(WIDTH, HEIGHT))
        .append(Html.text(spoken()))
        .append("\">");
    for (double tick : y.ticks()) {
      double at = y(y, tick);
      svg.append(format("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, at, WIDTH - RIGHT));
      svg.append(format("<text class=\"tick end\" x=\"%d\" y=\"%.1f\">", LEFT - 8, at + 4))
          .append(y.label(tick))
          .append("</text>");
    }
    for (double tick : x.ticks()) {
      svg.append(format("<text class=\"tick mid\" x=\"%.1f\" y=\"%d\">", x(x, tick), HEIGHT - 22))
          .append(x.label(tick))
          .append("</text>");
    }
    svg.append(
            format(
                "<text class=\"tick mid\" x=\"%d\" y=\"%d\">",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4))
        .append(Html.text(xLabel))
        .append("</text>");
    for (int i = 0; i < series.size(); i++) {
      svg.append("<path class=\"line s%s\" d=\"".formatted(number(i)))
          .append(path(series.get(i), x, y))
          .append("\"/>");
    }
    return svg.append("</svg>").toString();
  }

  private String path(Series curve, Axis xAxis, Axis yAxis) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    int stride = Math.max(1, (curve.x().size() + MOST_POINTS - 1) / MOST_POINTS);
    for (int i = 0; i < curve.x().size(); i++) {
      if (i % stride != 0 && i != curve.x().size() - 1) {
        continue;
      }
      if (!Double.isFinite(curve.x().get(i)) || !Double.isFinite(curve.y().get(i))) {
        drawing = false;
        continue;
      }
      path.append(
          format(
              "%s%.1f %.1f",
              drawing ? "L" : "M", x(xAxis, curve.x().get(i)), y(yAxis, curve.y().get(i))));
      if (!drawing && curve.x().size() == 1) {
        path.append("h0.01"); // A round cap makes a dot of it.
      }
      drawing = true;
    }
    return path.toString();
  }

  private String spoken() {
    List<String> parts = new ArrayList<>();
    for (Series each : series) {
      if (!each.y().isEmpty()) {
        parts.add(
            "%s from %s to %s"
                .formatted(
                    each.name(),
                    format("%.4g", each.y().get(0)),
                    format("%.4g", each.y().get(each.y().size() - 1))));
      }
    }
    return "%s over %s: %s".formatted(title, xLabel, String.join("; ", parts));
  }

  private static Axis axis(List<List<Double>> values, int ticks) {
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (List<Double> each : values) {
      for (double value : each) {
        if (Double.isFinite(value)) {
          smallest = Math.min(smallest, value);
          largest = Math.max(largest, value);
        }
      }
    }
    return Axis.covering(smallest, largest, ticks);
  }

  private static double x(Axis axis, double value) {
    return LEFT + axis.position(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Axis axis, double value) {
    return HEIGHT - BOTTOM - axis.position(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static int number(int index) {
    return index % MOST_SERIES + 1;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
