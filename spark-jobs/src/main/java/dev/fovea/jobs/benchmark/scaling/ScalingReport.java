package dev.fovea.jobs.benchmark.scaling;

import dev.fovea.jobs.benchmark.scaling.ScalingModel.Network;
import dev.fovea.jobs.benchmark.scaling.ScalingRow.Cores;
import dev.fovea.jobs.benchmark.scaling.ScalingRow.Use;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import java.util.ArrayList;
import java.util.List;

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

  /** Seconds of a step of the wide network on a fast GPU: assumed, nobody has measured it. */
  static final double GPU_STEP = 0.027;

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
            .formatted(row.network(), Figures.bytes(row.bytes()), ScalingTables.time(model.step())),
        stepsEach,
        row.bytes(),
        rounds,
        model.largestWorthDoubling(WORTH, stepsEach, row.bytes(), network),
        model.largestWith(LEAST, stepsEach, row.bytes(), network));
  }

  /** Prints it for people. */
  public void print(Console console) {
    ScalingTables.print(this, console);
  }
}
