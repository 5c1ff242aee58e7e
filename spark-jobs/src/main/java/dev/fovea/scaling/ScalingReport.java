package dev.fovea.scaling;

import dev.fovea.console.Console;
import dev.fovea.console.Figures;
import dev.fovea.console.Table;
import dev.fovea.scaling.ScalingModel.Network;
import dev.fovea.scaling.ScalingRow.Cores;
import dev.fovea.scaling.ScalingRow.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What was measured, the model of it, and what that says of larger clusters.
 *
 * @param rows as measured
 * @param model fitted to the rows with cores of their own; null if there are none
 * @param forecasts for the network as measured and for the wide one on faster devices
 */
public record ScalingReport(List<ScalingRow> rows, ScalingModel model, List<Forecast> forecasts) {
  private static final List<Integer> PREDICTED = List.of(8, 64, 512);
  private static final double WANTED = 0.9;
  private static final double LEAST = 0.5;
  private static final double WORTH = 0.5;

  /** A step of the reference's network, C128 N16, on an H100 by LibTorch in bf16. */
  private static final double GPU_STEP = 0.027;

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
          "  pictures/s are counted, not what a step is worth: that is another measurement");

  public ScalingReport {
    rows = List.copyOf(rows);
    forecasts = List.copyOf(forecasts);
  }

  /**
   * A network on clusters of executors with machines of their own.
   *
   * @param title which network, and how long a step takes
   * @param stepsEach averaging frequency
   * @param bytes of its vectors
   * @param rounds predicted
   * @param largestWorthDoubling executors, a power of two, beyond which doubling adds less than
   *     half
   * @param largestAtHalf executors, a power of two, beyond which less than half is used
   */
  public record Forecast(
      String title,
      int stepsEach,
      long bytes,
      List<Predicted> rounds,
      int largestWorthDoubling,
      int largestAtHalf) {}

  /**
   * A predicted round.
   *
   * @param executors one worker on each
   * @param parts its seconds
   * @param efficiency pictures/s as a share of what as many executors make that never average
   * @param frequencyForNinetyPercent steps between averagings that bring the efficiency to 0.9; 0
   *     if none does
   */
  public record Predicted(
      int executors, RoundParts parts, double efficiency, int frequencyForNinetyPercent) {}

  static ScalingReport of(ScalingSettings settings, List<ScalingRow> measured, double task) {
    List<ScalingRow> rows = measured.stream().map(row -> withEfficiency(row, measured)).toList();
    boolean any =
        rows.stream().anyMatch(row -> row.cores() == Cores.OWN && row.use() == Use.TRAINING);
    if (!any) {
      return new ScalingReport(rows, null, List.of());
    }
    ScalingModel model = ScalingModel.fit(rows, task);
    return new ScalingReport(
        rows,
        model,
        List.of(
            forecast(model, first(rows, Use.TRAINING), settings.averagingFrequency()),
            forecast(
                model.withStep(GPU_STEP), first(rows, Use.BYTES), settings.averagingFrequency())));
  }

  private static ScalingRow first(List<ScalingRow> rows, Use use) {
    return rows.stream().filter(row -> row.use() == use).findFirst().orElseThrow();
  }

  private static ScalingRow withEfficiency(ScalingRow row, List<ScalingRow> rows) {
    return rows.stream()
        .filter(each -> each.executors() == 1 && each.use() == row.use())
        .findFirst()
        .map(
            one ->
                row.withEfficiency(
                    row.picturesPerSecond() / (row.executors() * one.picturesPerSecond())))
        .orElse(row);
  }

  private static Forecast forecast(ScalingModel model, ScalingRow row, int stepsEach) {
    Network network = Network.GIGABIT_25;
    List<Predicted> rounds = new ArrayList<>();
    for (int executors : PREDICTED) {
      rounds.add(
          new Predicted(
              executors,
              model.round(executors, stepsEach, row.bytes(), network),
              model.efficiency(executors, stepsEach, row.bytes(), network),
              model.frequencyFor(WANTED, executors, row.bytes(), network)));
    }
    return new Forecast(
        "%s, %s of vectors, steps of %s"
            .formatted(row.network(), Figures.bytes(row.bytes()), time(model.step())),
        stepsEach,
        row.bytes(),
        rounds,
        model.largestWorthDoubling(WORTH, stepsEach, row.bytes(), network),
        model.largestWith(LEAST, stepsEach, row.bytes(), network));
  }

  /** Prints it for people. */
  public void print(Console console) {
    console.table(measuredTable());
    if (rows.stream().anyMatch(row -> row.cores() == Cores.SHARED)) {
      console.line(
          "* more cores than this machine has: the times say what a busy machine does, and the model"
              + " leaves them out");
    }
    if (model != null) {
      printModel(console, model);
    }
  }

  private Table measuredTable() {
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
        .map(ScalingReport::time);
  }

  private void printModel(Console console, ScalingModel fitted) {
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
    for (ScalingRow row : rows) {
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
    for (Forecast forecast : forecasts) {
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

  private static String time(double seconds) {
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
