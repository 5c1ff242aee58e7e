package dev.fovea.jobs.benchmark.scaling;

import com.sun.management.OperatingSystemMXBean;
import dev.fovea.jobs.benchmark.scaling.ScalingRow.Use;
import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.ReconstructionProcedure;
import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.WorkerReport;
import dev.fovea.jobs.training.averaging.dl4j.AveragingRun;
import dev.fovea.jobs.training.epoch.EpochSettings;
import dev.fovea.jobs.training.epoch.LoaderSettings;
import dev.fovea.jobs.training.epoch.PicturePairs;
import dev.fovea.jobs.training.epoch.PictureWeight;
import dev.fovea.jobs.training.epoch.TrainingRows;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.graph.UpscalerGraph;
import dev.fovea.pictures.pairs.CropMode;
import dev.fovea.pictures.pairs.Downscaler;
import dev.fovea.pictures.pairs.Flips;
import dev.fovea.pictures.pairs.PairSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Runs the same training on different numbers of executors, round by round as a training job does,
 * and splits each round. Every worker takes the averaging frequency's steps on mini-batches of its
 * own, so that a round of n executors is n times the work.
 *
 * @param settings what is run
 */
public record ScalingBenchmark(ScalingSettings settings) {
  private static final int WARM_UP = 2;
  private static final int SEED = 1;
  private static final int EMPTY_TASKS = 256;

  /** Low resolution pixels of the crops of the wide network, of which only the bytes matter. */
  private static final int TINY = 8;

  /**
   * Measures, fits and predicts.
   *
   * @throws UsageException if the cluster has no such executors
   */
  public ScalingReport run(Console console) throws IOException {
    ScalingCluster cluster = new ScalingCluster(settings.spark());
    List<ScalingRow> rows = new ArrayList<>();
    List<Double> taskSeconds = new ArrayList<>();
    for (int executors : settings.executors()) {
      console.note("measuring with %d executors".formatted(executors));
      rows.addAll(measure(cluster, executors, taskSeconds));
    }
    return ScalingReport.of(
        settings, rows, taskSeconds.stream().mapToDouble(each -> each).min().orElseThrow());
  }

  private record Contender(
      Use use, UpscalerConfig network, int stepsEach, StepSource steps, BatchSource source) {}

  private record Measured(
      RoundResult<StepFigures> result, long beginMillis, Optional<DriverTraffic> traffic) {}

  private List<ScalingRow> measure(ScalingCluster cluster, int executors, List<Double> taskSeconds)
      throws IOException {
    StageTimes stages = new StageTimes();
    List<Contender> contenders;
    List<List<Measured>> measured = new ArrayList<>();
    List<Long> bytes = new ArrayList<>();
    ScalingRow.Cores cores;
    int coresEach;
    try (JavaSparkContext spark = cluster.open(executors)) {
      coresEach = spark.getConf().getInt("spark.task.cpus", 1);
      cores = ScalingCluster.cores(spark, coresEach);
      spark.sc().addSparkListener(stages);
      contenders = List.of(training(spark), wide());
      for (Contender contender : contenders) {
        ComputationGraph network = network(contender.network());
        bytes.add(
            Float.BYTES
                * (network.numParams() + network.getUpdater().getStateViewArray().length()));
        measured.add(rounds(spark, contender, network, executors, coresEach));
      }
      taskSeconds.add(driverSecondsPerTask(spark));
    }
    // Closing the context has waited for the listener.
    List<StageTimes.Round> ended = stages.rounds();
    List<ScalingRow> rows = new ArrayList<>();
    int before = 0;
    for (int i = 0; i < contenders.size(); i++) {
      int all = measured.get(i).size();
      rows.add(
          row(
              contenders.get(i),
              executors,
              coresEach,
              cores,
              bytes.get(i),
              measured.get(i).subList(WARM_UP, all),
              ended.subList(before + WARM_UP, before + all)));
      before += all;
    }
    return rows;
  }

  private List<Measured> rounds(
      JavaSparkContext spark,
      Contender contender,
      ComputationGraph network,
      int executors,
      int coresEach) {
    AveragingSettings averaging =
        new AveragingSettings(
            settings.choice().engineOnClassPath().name(), settings.choice().options(coresEach), 1);
    List<Measured> rounds = new ArrayList<>();
    try (AveragingRun<StepFigures> run =
        AveragingRun.start(
            spark,
            List.of(network),
            new ReconstructionProcedure(network.getConfiguration()),
            averaging,
            contender.source())) {
      for (int round = 0; round < WARM_UP + settings.rounds(); round++) {
        Optional<DriverTraffic> before = DriverTraffic.now();
        long begin = System.currentTimeMillis();
        RoundResult<StepFigures> result =
            run.round(contender.steps().next(executors * contender.stepsEach()), executors);
        rounds.add(
            new Measured(
                result,
                begin,
                before.flatMap(early -> DriverTraffic.now().map(late -> late.since(early)))));
      }
    }
    return rounds;
  }

  private static ScalingRow row(
      Contender contender,
      int executors,
      int coresEach,
      ScalingRow.Cores cores,
      long bytes,
      List<Measured> rounds,
      List<StageTimes.Round> stages) {
    List<RoundParts> parts = new ArrayList<>();
    for (int i = 0; i < rounds.size(); i++) {
      Measured round = rounds.get(i);
      parts.add(RoundParts.of(round.result(), round.beginMillis(), stages.get(i)));
    }
    RoundParts median = RoundParts.median(parts);
    UpscalerConfig network = contender.network();
    return new ScalingRow(
        "C%d h%d N%d".formatted(network.numChannels(), network.hiddenRatio(), network.numLayers()),
        contender.use(),
        executors,
        coresEach,
        contender.stepsEach(),
        bytes,
        median,
        spread(rounds),
        rounds.get(0).result().samples() / median.seconds(),
        Double.NaN,
        median(
            rounds.stream()
                .mapToLong(each -> each.traffic().map(DriverTraffic::sent).orElse(-1L))
                .sorted()
                .toArray()),
        median(
            rounds.stream()
                .mapToLong(each -> each.traffic().map(DriverTraffic::received).orElse(-1L))
                .sorted()
                .toArray()),
        cores);
  }

  private static long median(long[] sorted) {
    return sorted[(sorted.length - 1) / 2];
  }

  private static double spread(List<Measured> rounds) {
    double[] computing =
        rounds.stream()
            .flatMap(round -> round.result().workers().stream())
            .mapToDouble(ScalingBenchmark::computing)
            .toArray();
    double mean = DoubleStream.of(computing).average().orElseThrow();
    double variance =
        DoubleStream.of(computing).map(each -> (each - mean) * (each - mean)).sum()
            / Math.max(1, computing.length - 1);
    return Math.sqrt(variance) / mean;
  }

  private static double computing(WorkerReport worker) {
    return worker.seconds() - worker.secondsWaited() - worker.secondsReceiving();
  }

  /** What the driver's processor does for a task that does nothing. */
  private static double driverSecondsPerTask(JavaSparkContext spark) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ScalingCluster.emptyTasks(spark, EMPTY_TASKS);
    long before = system.getProcessCpuTime();
    ScalingCluster.emptyTasks(spark, EMPTY_TASKS);
    return (system.getProcessCpuTime() - before) / 1e9 / EMPTY_TASKS;
  }

  private Contender wide() {
    return new Contender(
        Use.BYTES,
        settings.wide(),
        1,
        StepSource.ofNoise(1),
        new NoiseBatches(1, TINY, settings.wide().upscaleRatio()));
  }

  private Contender training(JavaSparkContext spark) throws IOException {
    int ratio = settings.network().upscaleRatio();
    if (settings.shards().isEmpty()) {
      return new Contender(
          Use.TRAINING,
          settings.network(),
          settings.averagingFrequency(),
          StepSource.ofNoise(settings.batchSize()),
          new NoiseBatches(settings.batchSize(), settings.targetResolution() / ratio, ratio));
    }
    ShardIndex index = ShardIndex.read(spark.hadoopConfiguration(), settings.shards().get());
    TrainingRows pictures = TrainingRows.of(index, settings.targetResolution());
    if (pictures.size() == 0) {
      throw new UsageException(
          Setting.TARGET_RESOLUTION,
          settings.targetResolution(),
          "all %d pictures of %s are smaller".formatted(index.size(), Setting.IMAGES_PATH));
    }
    PairSettings pairs =
        new PairSettings(
            settings.targetResolution(),
            ratio,
            CropMode.NATIVE,
            Downscaler.BICUBIC,
            0.1,
            0.1,
            0.1,
            0.1,
            Flips.HORIZONTAL);
    int threads = spark.getConf().getInt("spark.task.cpus", 1);
    return new Contender(
        Use.TRAINING,
        settings.network(),
        settings.averagingFrequency(),
        StepSource.ofPictures(
            pictures, new EpochSettings(SEED, settings.batchSize(), 1, PictureWeight.UNIFORM)),
        PicturePairs.of(spark, index, pairs, LoaderSettings.of(threads), SEED));
  }

  private static ComputationGraph network(UpscalerConfig config) {
    return UpscalerGraph.initialised(
        UpscalerGraph.training(
            config, new LossConfig(ReconstructionLoss.MSE, 0), AdafactorConfig.of(1e-2, -0.8)),
        SEED);
  }
}
