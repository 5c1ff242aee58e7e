package dev.fovea.averaging;

import dev.fovea.config.Device;
import dev.fovea.engine.EngineOptions;
import dev.fovea.engine.Engines;
import dev.fovea.engine.StepFigures;
import dev.fovea.engine.Trainer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceInformation;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
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
 */
final class AveragingWorker extends ParameterAveragingTrainingWorker {
  private static final long serialVersionUID = 1;

  /** Figures are looked at this often, so that a diverged run ends soon; each look is a wait. */
  private static final int STEPS_BETWEEN_LOOKS = 32;

  private final String job;
  private final AveragingSettings settings;
  private final String graph;
  private final Broadcast<NetBroadcastTuple> start;

  private transient Trainer trainer;
  private transient long startNanos;
  private transient long samples;
  private transient List<StepFigures> figures;
  private transient List<String> stepNames;
  private transient List<TakenStep> undrained;
  private transient TakenStep lastStep;

  private record TakenStep(long number, List<String> names) {}

  AveragingWorker(
      String job, AveragingSettings settings, String graph, Broadcast<NetBroadcastTuple> start) {
    super(start, true, DATA, null, null, null);
    this.job = job;
    this.settings = settings;
    this.graph = graph;
    this.start = start;
  }

  /** One mini-batch is one example (see PlannedBatch); no limit, no prefetch, no statistics. */
  private static final WorkerConfiguration DATA = new WorkerConfiguration(true, 1, 1, 0, 0, false);

  /**
   * Restores the resident network. DL4J passes the returned graph back to us and to nobody else.
   */
  @Override
  public ComputationGraph getInitialModelGraph() {
    startNanos = System.nanoTime();
    samples = 0;
    figures = new ArrayList<>();
    stepNames = new ArrayList<>();
    undrained = new ArrayList<>();
    TaskContext task = TaskContext.get();
    trainer = Residents.checkOut(job, task, () -> open(task));
    NetBroadcastTuple network = start.getValue();
    trainer.restore(network.getParameters(), network.getUpdaterState());
    return null;
  }

  private Trainer open(TaskContext task) {
    EngineOptions options = settings.options();
    ResourceInformation gpu = task.resourcesJMap().get("gpu");
    return Engines.named(settings.engine())
        .openTrainer(
            ComputationGraphConfiguration.fromJson(graph),
            gpu == null ? options : onGpu(options, gpu.addresses()));
  }

  /** The GPU that Spark assigned: whoever configured Spark to assign one wants it used. */
  static EngineOptions onGpu(EngineOptions options, String[] addresses) {
    return options.device().kind() == Device.Kind.CPU
        ? options
        : new EngineOptions(
            new Device(Device.Kind.CUDA, Integer.parseInt(addresses[0])),
            options.precision(),
            options.threads(),
            options.lowMemoryOptimizer());
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
          new WorkerResult.Finding(descriptor.step(), planned.fault().getMessage(), List.of()));
    }
    stepNames.addAll(planned.names());
    trainer.accumulate(planned.batch().lowResolution(), planned.batch().highResolution());
    planned.free();
    if (descriptor.endsStep()) {
      trainer.step(descriptor.learningRate(), settings.maxGradientNorm());
      samples += stepNames.size();
      undrained.add(new TakenStep(descriptor.step(), stepNames));
      stepNames = new ArrayList<>();
    }
    if (isLast || undrained.size() == STEPS_BETWEEN_LOOKS) {
      WorkerResult.Finding finding = drain();
      if (finding != null) {
        return WorkerResult.stopped(report(), finding);
      }
    }
    return isLast ? trained() : null;
  }

  private WorkerResult trained() {
    INDArray parameters = trainer.parameters();
    INDArray updaterState = trainer.updaterState();
    // The figures of a step are those before its update, so the last update has none.
    return WeightedMean.finite(parameters)
            && (updaterState == null || WeightedMean.finite(updaterState))
        ? WorkerResult.trained(parameters, updaterState, report(), figures)
        : WorkerResult.stopped(
            report(),
            new WorkerResult.Finding(
                lastStep.number(), "parameters or updater state are not finite", lastStep.names()));
  }

  /** A killed task's thread is not interrupted by default. */
  private static void stopIfKilled() {
    if (TaskContext.get().isInterrupted()) {
      throw new TaskKilledException("killed in training");
    }
  }

  private WorkerResult.Finding drain() {
    List<StepFigures> drained = trainer.drain();
    if (drained.size() != undrained.size()) {
      throw new IllegalStateException(
          "engine %s gave %d figures for %d steps"
              .formatted(settings.engine(), drained.size(), undrained.size()));
    }
    for (int i = 0; i < drained.size(); i++) {
      if (!drained.get(i).finite()) {
        TakenStep step = undrained.get(i);
        return new WorkerResult.Finding(step.number(), text(drained.get(i)), step.names());
      }
    }
    figures.addAll(drained);
    lastStep = undrained.get(undrained.size() - 1);
    undrained.clear();
    return null;
  }

  private static String text(StepFigures figures) {
    return "reconstruction loss %s, total variation %s, gradient norm %s"
        .formatted(figures.reconstruction(), figures.totalVariation(), figures.gradientNorm());
  }

  private WorkerReport report() {
    TaskContext task = TaskContext.get();
    return new WorkerReport(
        task.partitionId(),
        figures.size(),
        samples,
        (System.nanoTime() - startNanos) / 1e9,
        TaskBatches.of(task).secondsWaited());
  }
}
