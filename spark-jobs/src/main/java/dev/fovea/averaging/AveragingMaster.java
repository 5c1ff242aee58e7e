package dev.fovea.averaging;

import dev.fovea.averaging.WorkerResult.Finding;
import dev.fovea.engine.StepFigures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's parameter averaging with one Spark job a round over partitions that are cut already, a
 * mean weighted by samples and summed in the order of the workers, and true iteration counts.
 */
final class AveragingMaster extends ParameterAveragingTrainingMaster {
  private final String job;
  private final AveragingSettings settings;
  private final String graph;

  private Broadcast<NetBroadcastTuple> start;
  private List<StepFigures> figures = List.of();
  private List<WorkerReport> reports = List.of();

  AveragingMaster(String job, AveragingSettings settings, ComputationGraphConfiguration graph) {
    super(plainBuilder());
    this.job = job;
    this.settings = settings;
    this.graph = graph.toJson();
  }

  /** Everything that could repartition, merge, split, export or prefetch is off. */
  private static Builder plainBuilder() {
    return new Builder(1, 1)
        .batchSizePerWorker(1)
        .averagingFrequency(1)
        .workerPrefetchNumBatches(0)
        .saveUpdater(true)
        .repartionData(Repartition.Never)
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .storageLevel(null)
        .storageLevelStreams(null);
  }

  /** Figures of the last round's steps, in order. */
  List<StepFigures> figures() {
    return figures;
  }

  /** Reports of the last round's workers, in order. */
  List<WorkerReport> reports() {
    return reports;
  }

  @Override
  protected void executeTrainingPathsHelper(
      SparkDl4jMultiLayer noNetwork,
      SparkComputationGraph network,
      JavaRDD<String> descriptors,
      DataSetLoader noLoader,
      MultiDataSetLoader loader,
      int examplesPerDataSet) {
    try {
      doIterationPaths(null, network, descriptors, 1, 1, 1, null, loader);
    } finally {
      if (start != null) {
        start.destroy();
        start = null;
      }
    }
  }

  @Override
  public ParameterAveragingTrainingWorker getWorkerInstance(SparkComputationGraph network) {
    ComputationGraph model = network.getNetwork();
    // In a tuple: destroying the broadcast of a bare array closes the driver's own array.
    // Without the configuration: the worker has it as JSON and reads it only to open an engine.
    start =
        network
            .getSparkContext()
            .broadcast(
                new NetBroadcastTuple(
                    (ComputationGraphConfiguration) null,
                    model.params(),
                    model.getUpdater().getStateViewArray()));
    return new AveragingWorker(job, settings, graph, start);
  }

  @Override
  protected void processResults(
      SparkDl4jMultiLayer noNetwork,
      SparkComputationGraph network,
      JavaRDD<ParameterAveragingTrainingResult> results,
      int splitNum,
      int totalSplits) {
    List<WorkerResult> workers = results.collect().stream().map(WorkerResult.class::cast).toList();
    stopOnFinding(workers);
    long[] weights = workers.stream().mapToLong(worker -> worker.report().samples()).toArray();
    INDArray parameters =
        WeightedMean.of(workers.stream().map(WorkerResult::getParameters).toList(), weights);
    List<INDArray> states =
        workers.stream().map(WorkerResult::getUpdaterState).filter(Objects::nonNull).toList();
    Optional<INDArray> updaterState =
        states.isEmpty() ? Optional.empty() : Optional.of(WeightedMean.of(states, weights));

    ComputationGraph model = network.getNetwork();
    model.params().assign(parameters.reshape('c', model.params().shape()));
    updaterState.ifPresent(
        mean -> {
          INDArray state = model.getUpdater().getStateViewArray();
          state.assign(mean.reshape('c', state.shape()));
        });
    figures = new ArrayList<>();
    workers.forEach(worker -> figures.addAll(worker.figures()));
    reports = workers.stream().map(WorkerResult::report).toList();
    ComputationGraphConfiguration configuration = model.getConfiguration();
    configuration.setIterationCount(configuration.getIterationCount() + figures.size());
    network.setScore(
        figures.stream().mapToDouble(StepFigures::reconstruction).average().orElseThrow());
  }

  private static void stopOnFinding(List<WorkerResult> workers) {
    Optional<Finding> first =
        workers.stream()
            .map(WorkerResult::finding)
            .filter(Objects::nonNull)
            .min(Comparator.comparingLong(Finding::step));
    if (first.isPresent()) {
      throw first.get().toException();
    }
  }
}
