package dev.fovea.averaging;

import dev.fovea.engine.StepFigures;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a worker sends back: parameters, updater state and figures, or the finding that ends the
 * run. A finding is a result and not an exception, because Spark would try a failed task again.
 */
@SuppressWarnings("EqualsHashCode") // Lombok's in the parent; results are never compared.
final class WorkerResult extends ParameterAveragingTrainingResult {
  private final WorkerReport report;
  private final List<StepFigures> figures;
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
      INDArray parameters,
      INDArray updaterState,
      WorkerReport report,
      List<StepFigures> figures,
      Finding finding) {
    super(parameters, updaterState, meanReconstruction(figures), null, null, null);
    this.report = report;
    this.figures = new ArrayList<>(figures);
    this.finding = finding;
  }

  static WorkerResult trained(
      INDArray parameters, INDArray updaterState, WorkerReport report, List<StepFigures> figures) {
    return new WorkerResult(parameters, updaterState, report, figures, null);
  }

  static WorkerResult stopped(WorkerReport report, Finding finding) {
    return new WorkerResult(null, null, report, List.of(), finding);
  }

  private static double meanReconstruction(List<StepFigures> figures) {
    return figures.stream().mapToDouble(StepFigures::reconstruction).average().orElse(0);
  }

  WorkerReport report() {
    return report;
  }

  List<StepFigures> figures() {
    return figures;
  }

  /** Null where the worker trained to the end. */
  Finding finding() {
    return finding;
  }
}
