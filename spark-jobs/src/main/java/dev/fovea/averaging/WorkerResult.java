package dev.fovea.averaging;

import dev.fovea.engine.NetworkState;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;

/**
 * What a worker sends back: the state of its networks and figures, or the finding that ends the
 * run. A finding is a result and not an exception, because Spark would try a failed task again.
 *
 * @param <F> the figures of an optimiser step
 */
@SuppressWarnings("EqualsHashCode") // Lombok's in the parent; results are never compared.
final class WorkerResult<F> extends ParameterAveragingTrainingResult {
  /** All networks but the first, which is DL4J's. */
  private final List<NetworkState> further;

  private final WorkerReport report;
  private final List<F> figures;
  private final Finding finding;

  /**
   * What ends the run.
   *
   * @param step the step's number in the run
   * @param reason one line
   * @param pictures the step's, empty where the mini-batch could not be made
   */
  record Finding(long step, String reason, List<String> pictures) {
    TrainingStoppedException toException() {
      return pictures.isEmpty()
          ? new TrainingStoppedException("step %d: %s".formatted(step, reason))
          : new DivergedException(step, reason, pictures);
    }
  }

  private WorkerResult(
      List<NetworkState> networks,
      double score,
      WorkerReport report,
      List<F> figures,
      Finding finding) {
    super(
        networks.isEmpty() ? null : networks.get(0).parameters(),
        networks.isEmpty() ? null : networks.get(0).updaterState(),
        score,
        null,
        null,
        null);
    this.further = new ArrayList<>(networks.subList(Math.min(1, networks.size()), networks.size()));
    this.report = report;
    this.figures = new ArrayList<>(figures);
    this.finding = finding;
  }

  static <F> WorkerResult<F> trained(
      List<NetworkState> networks, double score, WorkerReport report, List<F> figures) {
    return new WorkerResult<>(networks, score, report, figures, null);
  }

  static <F> WorkerResult<F> stopped(WorkerReport report, Finding finding) {
    return new WorkerResult<>(List.of(), 0, report, List.of(), finding);
  }

  /** The state of a network, in the order of the run. */
  NetworkState network(int number) {
    return number == 0
        ? new NetworkState(getParameters(), getUpdaterState())
        : further.get(number - 1);
  }

  WorkerReport report() {
    return report;
  }

  List<F> figures() {
    return figures;
  }

  /** Null where the worker trained to the end. */
  Finding finding() {
    return finding;
  }
}
