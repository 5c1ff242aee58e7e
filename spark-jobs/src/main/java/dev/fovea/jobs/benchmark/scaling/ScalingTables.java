package dev.fovea.jobs.benchmark.scaling;

import dev.fovea.jobs.benchmark.scaling.ScalingModel.Network;
import dev.fovea.jobs.benchmark.scaling.ScalingReport.Forecast;
import dev.fovea.jobs.benchmark.scaling.ScalingReport.Predicted;
import dev.fovea.jobs.benchmark.scaling.ScalingRow.Cores;
import dev.fovea.jobs.benchmark.scaling.ScalingRow.Use;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A report of scaling for people. */
final class ScalingTables {
  private static final List<String> ASSUMPTIONS =
      List.of(
          "assumed for the predictions: every executor has a machine of its own, like this one but"
              + " for the network;",
          "  25 Gb/s between any two, of which four fifths are used, one way at a time and never"
              + " while something is computed;",
          "  in the worst case every executor fetches its first block (4 MiB) of a broadcast from"
              + " the driver;",
          "  workers differ by chance as much as measured, and the slowest of n by sqrt(2 ln n)"
              + " times that;",
          "  the second network's steps on a fast GPU: %s, which nobody has measured;"
              .formatted(time(ScalingReport.GPU_STEP)),
          "  pictures/s are counted, not what a step is worth: that is another measurement");

  private ScalingTables() {}

  /** Prints a report. */
  static void print(ScalingReport report, Console console) {
    List<ScalingRow> rows = report.rows();
    ScalingModel model = report.model();
    console.table(measuredTable(rows));
    if (rows.stream().anyMatch(row -> row.cores() == Cores.SHARED)) {
      console.line(
          "* more cores than this machine has: the times say what a busy machine does, and the model"
              + " leaves them out");
    }
    if (model != null) {
      printModel(console, report);
    }
  }

  private static Table measuredTable(List<ScalingRow> rows) {
    Table table =
        new Table(
            "network",
            "executors",
            "pictures/s",
            "of n x 1",
            "round",
            "computing",
            "broadcasting",
            "aggregating",
            "data",
            "others",
            "driver sent",
            "received");
    for (ScalingRow row : rows) {
      table.row(
          Stream.concat(
                  Stream.of(
                      row.network() + (row.use() == Use.BYTES ? ", 1 step" : ""),
                      row.executors() + (row.cores() == Cores.SHARED ? " *" : ""),
                      Figures.decimal(row.picturesPerSecond()),
                      Double.isNaN(row.efficiency()) ? "-" : percent(row.efficiency()),
                      time(row.parts().seconds())),
                  Stream.concat(
                      parts(row.parts()),
                      Stream.of(
                          traffic(row.driverSentBytes()), traffic(row.driverReceivedBytes()))))
              .toArray(String[]::new));
    }
    return table;
  }

  private static Stream<String> parts(RoundParts parts) {
    return Stream.of(
            parts.computing(),
            parts.broadcasting(),
            parts.aggregating(),
            parts.waitingForData(),
            parts.waitingForOthers())
        .map(ScalingTables::time);
  }

  private static void printModel(Console console, ScalingReport report) {
    ScalingModel fitted = report.model();
    console.line("");
    console.line(
        "model: step %s, data %s a step, spread %s, rest %s a round, driver %s a task"
            .formatted(
                time(fitted.step()),
                time(fitted.data()),
                percent(fitted.spread()),
                time(fitted.rest()),
                time(fitted.task())));
    console.line(
        "  broadcasting %s; aggregating %s (for M megabytes and n executors)"
            .formatted(
                terms(fitted.broadcast(), "M", "M log2 n"),
                terms(fitted.aggregate(), "M", "M (n-1)/n")));
    Table residuals = new Table("network", "executors", "measured", "model", "residual");
    for (ScalingRow row : report.rows()) {
      if (row.cores() == Cores.OWN && row.use() == Use.TRAINING) {
        double predicted =
            fitted.round(row.executors(), row.stepsEach(), row.bytes(), Network.NONE).seconds();
        residuals.row(
            row.network(),
            Integer.toString(row.executors()),
            time(row.parts().seconds()),
            time(predicted),
            percent((row.parts().seconds() - predicted) / row.parts().seconds()));
      }
    }
    console.table(residuals);
    console.line("");
    ASSUMPTIONS.forEach(console::line);
    for (Forecast forecast : report.forecasts()) {
      print(console, forecast);
    }
  }

  private static void print(Console console, Forecast forecast) {
    console.line("");
    console.line(
        "predicted over 25 Gb/s: %s, averaging every %d steps"
            .formatted(forecast.title(), forecast.stepsEach()));
    Table table =
        new Table(
            "executors",
            "efficiency",
            "round",
            "computing",
            "broadcasting",
            "aggregating",
            "data",
            "others",
            "steps for 90 %");
    for (Predicted each : forecast.rounds()) {
      table.row(
          Stream.concat(
                  Stream.of(
                      Integer.toString(each.executors()),
                      percent(each.efficiency()),
                      time(each.parts().seconds())),
                  Stream.concat(
                      parts(each.parts()),
                      Stream.of(
                          each.frequencyForNinetyPercent() == 0
                              ? "none"
                              : Figures.count(each.frequencyForNinetyPercent()))))
              .toArray(String[]::new));
    }
    console.table(table);
    console.line(
        "doubling adds half or more up to %s executors; half of them is used up to %s"
            .formatted(
                Figures.count(forecast.largestWorthDoubling()),
                Figures.count(forecast.largestAtHalf())));
  }

  private static String terms(double[] coefficients, String second, String third) {
    return "%s + %s %s + %s %s"
        .formatted(
            time(coefficients[0]), time(coefficients[1]), second, time(coefficients[2]), third);
  }

  static String time(double seconds) {
    return seconds < 1
        ? milliseconds(1e3 * seconds)
        : String.format(Locale.ROOT, "%.2f s", seconds);
  }

  private static String milliseconds(double value) {
    String pattern = value >= 100 ? "%.0f ms" : value >= 10 ? "%.1f ms" : "%.2f ms";
    return String.format(Locale.ROOT, pattern, value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String traffic(long bytes) {
    return bytes < 0 ? "-" : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
