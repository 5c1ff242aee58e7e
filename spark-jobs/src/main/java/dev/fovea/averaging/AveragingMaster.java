package dev.fovea.averaging;

import dev.fovea.averaging.WorkerResult.Finding;
import dev.fovea.engine.NetworkState;
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
 * mean weighted by samples and summed in the order of the workers, and true iteration counts. DL4J
 * knows the first network of a run; further ones travel and are averaged with it.
 *
 * @param <F> the figures of an optimiser step
 */
final class AveragingMaster<F> extends ParameterAveragingTrainingMaster {
  /** What becomes of all networks but the first. */
  private static final OuterStep PLAIN = new OuterStep(OuterMomentum.OFF);

  private final String job;
  private final AveragingSettings settings;
  private final List<ComputationGraph> networks;
  private final Procedure<F> procedure;
  private final OuterStep outer;

  private double rate;
  private List<Broadcast<NetBroadcastTuple>> start = List.of();
  private List<F> figures = List.of();
  private List<WorkerReport> reports = List.of();

  AveragingMaster(
      String job,
      AveragingSettings settings,
      List<ComputationGraph> networks,
      Procedure<F> procedure) {
    super(plainBuilder());
    this.job = job;
    this.settings = settings;
    this.networks = List.copyOf(networks);
    this.procedure = procedure;
    this.outer = new OuterStep(settings.outer());
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

  /** Tells the mean learning rate of the next round's steps. */
  void expect(double rate) {
    this.rate = rate;
  }

  /** Figures of the last round's steps, in order. */
  List<F> figures() {
    return figures;
  }

  /** Reports of the last round's workers, in order. */
  List<WorkerReport> reports() {
    return reports;
  }

  OuterStep outer() {
    return outer;
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
      start.forEach(Broadcast::destroy);
      start = List.of();
    }
  }

  @Override
  public ParameterAveragingTrainingWorker getWorkerInstance(SparkComputationGraph network) {
    List<Broadcast<NetBroadcastTuple>> broadcasts = new ArrayList<>();
    for (ComputationGraph each : networks) {
      // In a tuple: destroying the broadcast of a bare array closes the driver's own array.
      // Without the configuration: the worker's procedure has it.
      broadcasts.add(
          network
              .getSparkContext()
              .broadcast(
                  new NetBroadcastTuple(
                      (ComputationGraphConfiguration) null,
                      each.params(),
                      each.getUpdater().getStateViewArray())));
    }
    start = broadcasts;
    return new AveragingWorker<>(job, settings, procedure, start);
  }

  @Override
  @SuppressWarnings("unchecked") // The results are those of our workers.
  protected void processResults(
      SparkDl4jMultiLayer noNetwork,
      SparkComputationGraph network,
      JavaRDD<ParameterAveragingTrainingResult> results,
      int splitNum,
      int totalSplits) {
    List<WorkerResult<F>> workers =
        results.collect().stream().map(result -> (WorkerResult<F>) result).toList();
    stopOnFinding(workers);
    long[] weights = workers.stream().mapToLong(worker -> worker.report().samples()).toArray();
    figures = new ArrayList<>();
    workers.forEach(worker -> figures.addAll(worker.figures()));
    reports = workers.stream().map(WorkerResult::report).toList();
    for (int i = 0; i < networks.size(); i++) {
      int number = i;
      List<NetworkState> states = workers.stream().map(worker -> worker.network(number)).toList();
      average(networks.get(i), i == 0 ? outer : PLAIN, states, weights);
    }
    network.setScore(figures.stream().mapToDouble(procedure::score).average().orElseThrow());
  }

  private void average(
      ComputationGraph network, OuterStep step, List<NetworkState> workers, long[] weights) {
    INDArray mean =
        WeightedMean.of(workers.stream().map(NetworkState::parameters).toList(), weights);
    INDArray parameters = step.from(network.params(), mean, rate);
    network.params().assign(parameters.reshape('c', network.params().shape()));
    INDArray state = network.getUpdater().getStateViewArray();
    INDArray updaterState =
        WeightedMean.of(workers.stream().map(NetworkState::updaterState).toList(), weights);
    state.assign(updaterState.reshape('c', state.shape()));
    ComputationGraphConfiguration configuration = network.getConfiguration();
    configuration.setIterationCount(configuration.getIterationCount() + figures.size());
  }

  private static void stopOnFinding(List<? extends WorkerResult<?>> workers) {
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
