package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.Learner;
import dev.fovea.jobs.training.averaging.Procedure;
import dev.fovea.jobs.training.averaging.WorkerReport;
import dev.fovea.model.arrays.HostCopy;
import dev.fovea.model.engine.Engines;
import dev.fovea.model.engine.NetworkState;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * One worker's part of a round: a pure function of the broadcast and the mini-batches. Every task
 * has its own copy, used by the task's thread.
 *
 * @param <F> the figures of an optimiser step
 */
final class AveragingWorker<F> extends ParameterAveragingTrainingWorker {
  private static final long serialVersionUID = 1;

  /** Figures are looked at this often, so that a diverged run ends soon; each look is a wait. */
  private static final int STEPS_BETWEEN_LOOKS = 32;

  private final String job;
  private final AveragingSettings settings;
  private final Procedure<F> procedure;

  /** Of each network. */
  private final List<Broadcast<NetBroadcastTuple>> start;

  private transient Learner<F> learner;
  private transient long startNanos;
  private transient double secondsReceiving;
  private transient long samples;
  private transient List<F> figures;
  private transient List<String> stepNames;
  private transient List<TakenStep> undrained;
  private transient TakenStep lastStep;

  private record TakenStep(long number, List<String> names) {}

  AveragingWorker(
      String job,
      AveragingSettings settings,
      Procedure<F> procedure,
      List<Broadcast<NetBroadcastTuple>> start) {
    super(start.get(0), true, DATA, null, null, null);
    this.job = job;
    this.settings = settings;
    this.procedure = procedure;
    this.start = new ArrayList<>(start);
  }

  /** One mini-batch is one example (see PlannedBatch); no limit, no prefetch, no statistics. */
  private static final WorkerConfiguration DATA = new WorkerConfiguration(true, 1, 1, 0, 0, false);

  /**
   * Restores the resident networks. DL4J passes the returned graph back to us and to nobody else.
   */
  @Override
  @SuppressWarnings("unchecked") // The learners of a job are those of its procedure.
  public ComputationGraph getInitialModelGraph() {
    startNanos = System.nanoTime();
    samples = 0;
    figures = new ArrayList<>();
    stepNames = new ArrayList<>();
    undrained = new ArrayList<>();
    TaskContext task = TaskContext.get();
    learner = (Learner<F>) ResidentLearners.checkOut(job, task, this::open);
    long openNanos = System.nanoTime();
    learner.restore(
        start.stream()
            .map(Broadcast::getValue)
            .map(each -> new NetworkState(each.getParameters(), each.getUpdaterState()))
            .toList());
    secondsReceiving = (System.nanoTime() - openNanos) / 1e9;
    return null;
  }

  private Learner<F> open() {
    return procedure.open(
        Engines.named(settings.engine()),
        EngineChoice.onAssignedGpu(settings.options()),
        settings.maxGradientNorm());
  }

  @Override
  public ParameterAveragingTrainingResult processMinibatch(
      MultiDataSet dataSet, ComputationGraph unused, boolean isLast) {
    stopIfKilled();
    PlannedBatch planned = (PlannedBatch) dataSet;
    Descriptor descriptor = planned.descriptor();
    if (planned.fault() != null) {
      return WorkerResult.stopped(
          report(),
          new WorkerAccount.Finding(descriptor.step(), planned.fault().getMessage(), List.of()));
    }
    stepNames.addAll(planned.names());
    learner.train(
        planned.batch(),
        descriptor.instruction(),
        descriptor.endsStep() ? Learner.Place.ENDS_STEP : Learner.Place.WITHIN_STEP);
    planned.free();
    if (descriptor.endsStep()) {
      samples += stepNames.size();
      undrained.add(new TakenStep(descriptor.step(), stepNames));
      stepNames = new ArrayList<>();
    }
    if (isLast || undrained.size() == STEPS_BETWEEN_LOOKS) {
      WorkerAccount.Finding finding = drain();
      if (finding != null) {
        return WorkerResult.stopped(report(), finding);
      }
    }
    return isLast ? trained() : null;
  }

  private WorkerResult<F> trained() {
    List<NetworkState> networks = learner.networks();
    // The figures of a step are those before its update, so the last update has none.
    return networks.stream().allMatch(AveragingWorker::finite)
        ? WorkerResult.trained(networks, meanScore(), report(), figures)
        : WorkerResult.stopped(
            report(),
            new WorkerAccount.Finding(
                lastStep.number(), "parameters or updater state are not finite", lastStep.names()));
  }

  private static boolean finite(NetworkState network) {
    return finite(network.parameters()) && finite(network.updaterState());
  }

  private static boolean finite(INDArray vector) {
    float[] chunk = new float[Pieces.LENGTH];
    for (long from = 0; from < vector.length(); from += chunk.length) {
      int count = (int) Math.min(chunk.length, vector.length() - from);
      HostCopy.read(vector, from, count, chunk);
      for (int i = 0; i < count; i++) {
        if (!Float.isFinite(chunk[i])) {
          return false;
        }
      }
    }
    return true;
  }

  private double meanScore() {
    return figures.stream().mapToDouble(procedure::score).average().orElse(0);
  }

  /** A killed task's thread is not interrupted by default. */
  private static void stopIfKilled() {
    if (TaskContext.get().isInterrupted()) {
      throw new TaskKilledException("killed in training");
    }
  }

  private WorkerAccount.Finding drain() {
    List<F> drained = learner.drain();
    if (drained.size() != undrained.size()) {
      throw new IllegalStateException(
          "engine %s gave %d figures for %d steps"
              .formatted(settings.engine(), drained.size(), undrained.size()));
    }
    for (int i = 0; i < drained.size(); i++) {
      if (!procedure.finite(drained.get(i))) {
        TakenStep step = undrained.get(i);
        return new WorkerAccount.Finding(
            step.number(), procedure.describe(drained.get(i)), step.names());
      }
    }
    figures.addAll(drained);
    lastStep = undrained.get(undrained.size() - 1);
    undrained.clear();
    return null;
  }

  private WorkerReport report() {
    TaskContext task = TaskContext.get();
    return new WorkerReport(
        task.partitionId(),
        figures.size(),
        samples,
        (System.nanoTime() - startNanos) / 1e9,
        TaskBatches.of(task).secondsWaited(),
        secondsReceiving);
  }
}
