package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.OuterMomentum;
import dev.fovea.jobs.training.averaging.Procedure;
import dev.fovea.jobs.training.averaging.WorkerReport;
import dev.fovea.model.engine.NetworkState;
import java.util.ArrayList;
import java.util.List;
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
  private double secondsBroadcasting;

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

  /** How long the driver took to offer the last round's start. */
  double secondsBroadcasting() {
    return secondsBroadcasting;
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
    long begin = System.nanoTime();
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
    secondsBroadcasting = (System.nanoTime() - begin) / 1e9;
    return new AveragingWorker<>(job, settings, procedure, start);
  }

  @Override
  protected void processResults(
      SparkDl4jMultiLayer noNetwork,
      SparkComputationGraph network,
      JavaRDD<ParameterAveragingTrainingResult> results,
      int splitNum,
      int totalSplits) {
    Pieces pieces =
        Pieces.of(Pieces.vectors(states()).stream().mapToLong(INDArray::length).toArray());
    RoundMean<F> mean = RoundMean.of(results, pieces);
    figures = new ArrayList<>();
    mean.accounts().forEach(account -> figures.addAll(account.figures()));
    reports = mean.accounts().stream().map(WorkerAccount::report).toList();
    for (int i = 0; i < networks.size(); i++) {
      take(
          networks.get(i),
          i == 0 ? outer : PLAIN,
          mean.vectors().get(2 * i),
          mean.vectors().get(2 * i + 1));
    }
    network.setScore(figures.stream().mapToDouble(procedure::score).average().orElseThrow());
  }

  private List<NetworkState> states() {
    return networks.stream()
        .map(each -> new NetworkState(each.params(), each.getUpdater().getStateViewArray()))
        .toList();
  }

  private void take(
      ComputationGraph network, OuterStep step, INDArray parameters, INDArray updaterState) {
    INDArray moved = step.from(network.params(), parameters, rate);
    network.params().assign(moved.reshape('c', network.params().shape()));
    INDArray state = network.getUpdater().getStateViewArray();
    state.assign(updaterState.reshape('c', state.shape()));
    ComputationGraphConfiguration configuration = network.getConfiguration();
    configuration.setIterationCount(configuration.getIterationCount() + figures.size());
  }
}
