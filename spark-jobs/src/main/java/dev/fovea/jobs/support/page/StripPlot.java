package dev.fovea.jobs.support.page;

import java.util.List;
import java.util.Locale;

/**
 * How figures are distributed: a row for each group, with a dot for each value, a box from the
 * first to the third quartile and a bar at the median. As inline SVG in the page's colours.
 *
 * @param title what is measured
 * @param rows from top to bottom
 * @param digits behind the point, where values are read aloud
 */
public record StripPlot(String title, List<Row> rows, int digits) {
  private static final int WIDTH = 360;
  private static final int SIDE = 10;
  private static final int ROW = 46;
  private static final int HEADING = 22;
  private static final int BOTTOM = 24;

  /** Beyond this many, dots are a cloud, and only some of them are drawn. */
  private static final int MOST_DOTS = 250;

  public StripPlot {
    rows = List.copyOf(rows);
  }

  /**
   * One group.
   *
   * @param heading stands above the row; empty to go on under the last one
   * @param name of the group
   * @param series 1 to {@value LinePlot#MOST_SERIES}, its colour
   * @param values finite, one or more; kept in ascending order
   */
  public record Row(String heading, String name, int series, List<Double> values) {
    /**
     * @throws IllegalArgumentException if there are no values
     */
    public Row {
      values = values.stream().sorted().toList();
      if (values.isEmpty()) {
        throw new IllegalArgumentException("row '%s' of a plot has no values".formatted(name));
      }
    }
  }

  /** The plot as a figure element. */
  public String figure() {
    int height = BOTTOM;
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (Row row : rows) {
      height += ROW + (row.heading().isEmpty() ? 0 : HEADING);
      smallest = Math.min(smallest, row.values().get(0));
      largest = Math.max(largest, row.values().get(row.values().size() - 1));
    }
    Axis axis = Axis.covering(smallest, largest, 6);
    StringBuilder svg = new StringBuilder();
    svg.append("<figure class=\"plot\"><figcaption>")
        .append(Html.text(title))
        .append(
            "</figcaption><svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\""
                .formatted(WIDTH, height))
        .append(Html.text(spoken()))
        .append("\">");
    for (double tick : axis.ticks()) {
      double x = x(axis, tick);
      svg.append(format("<path class=\"grid\" d=\"M%.1f 0V%d\"/>", x, height - BOTTOM + 4));
      String anchor = x < SIDE + 8 ? "" : x > WIDTH - SIDE - 8 ? " end" : " mid";
      svg.append(format("<text class=\"tick%s\" x=\"%.1f\" y=\"%d\">", anchor, x, height - 6))
          .append(axis.label(tick))
          .append("</text>");
    }
    int y = 0;
    for (Row row : rows) {
      if (!row.heading().isEmpty()) {
        svg.append(format("<text class=\"head\" x=\"%d\" y=\"%d\">", SIDE, y + 16))
            .append(Html.text(row.heading()))
            .append("</text>");
        y += HEADING;
      }
      draw(svg, row, axis, y);
      y += ROW;
    }
    return svg.append("</svg></figure>").toString();
  }

  private void draw(StringBuilder svg, Row row, Axis axis, int top) {
    List<Double> sorted = row.values();
    double low = x(axis, quantile(sorted, 0.25));
    double middle = x(axis, quantile(sorted, 0.5));
    double high = x(axis, quantile(sorted, 0.75));
    int centre = top + 29;
    svg.append(format("<text class=\"name\" x=\"%d\" y=\"%d\">", SIDE, top + 13))
        .append(Html.text(row.name()))
        .append("</text>");
    svg.append(format("<text class=\"tick end\" x=\"%d\" y=\"%d\">median ", WIDTH - SIDE, top + 13))
        .append(format("%." + digits + "f", quantile(sorted, 0.5)))
        .append("</text>");
    svg.append(
        format(
            "<rect class=\"box s%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"16\" rx=\"4\"/>",
            row.series(), low, centre - 8, Math.max(1, high - low)));
    svg.append("<g class=\"dots s%s\">".formatted(row.series()));
    int stride = (sorted.size() + MOST_DOTS - 1) / MOST_DOTS;
    for (int i = 0; i < sorted.size(); i += stride) {
      // Golden-ratio steps scatter neighbours and are the same on every run.
      double scatter = (i * 0.6180339887 % 1 - 0.5) * 12;
      svg.append(
          format(
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.4\"/>",
              x(axis, sorted.get(i)), centre + scatter));
    }
    svg.append("</g>");
    svg.append(
        format(
            "<path class=\"median s%d\" d=\"M%.1f %dV%d\"/>",
            row.series(), middle, centre - 10, centre + 10));
  }

  private String spoken() {
    StringBuilder spoken = new StringBuilder(title).append(" by group:");
    String heading = "";
    for (Row row : rows) {
      heading = row.heading().isEmpty() ? heading : row.heading();
      List<Double> sorted = row.values();
      spoken.append(
          format(
              " %s %s, median %.{d}f, from %.{d}f to %.{d}f;"
                  .replace("{d}", String.valueOf(digits)),
              heading,
              row.name(),
              quantile(sorted, 0.5),
              quantile(sorted, 0),
              quantile(sorted, 1)));
    }
    return spoken.toString();
  }

  private static double quantile(List<Double> sorted, double q) {
    double position = q * (sorted.size() - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (position - below) * (sorted.get(above) - sorted.get(below));
  }

  private static double x(Axis axis, double value) {
    return SIDE + axis.position(value) * (WIDTH - 2 * SIDE);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
