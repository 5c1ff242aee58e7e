package dev.fovea.pretrain;

import dev.fovea.augment.CropMode;
import dev.fovea.averaging.AveragingRun;
import dev.fovea.averaging.AveragingSettings;
import dev.fovea.averaging.TrainingStoppedException;
import dev.fovea.checkpoint.Provenance;
import dev.fovea.config.UpscalerConfig;
import dev.fovea.console.Console;
import dev.fovea.console.Figures;
import dev.fovea.console.UsageException;
import dev.fovea.engine.EngineOptions;
import dev.fovea.evaluation.TrainingEvaluation;
import dev.fovea.evaluation.TrainingEvaluationJob;
import dev.fovea.graph.UpscalerGraph;
import dev.fovea.metric.Vif;
import dev.fovea.run.RunEvents;
import dev.fovea.run.Versions;
import dev.fovea.shard.ShardIndex;
import dev.fovea.training.LoaderSettings;
import dev.fovea.training.PicturePairs;
import dev.fovea.training.TrainingRows;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Stage 1: trains an upscaler on photographs by parameter averaging, from scratch or from its last
 * checkpoint.
 *
 * <p>What comes out depends on the pictures, the settings and the number of workers. With a limit
 * in minutes it depends on the machine's speed as well.
 */
public final class PretrainJob {
  private final Configuration configuration;
  private final PretrainSettings settings;
  private final Console console;
  private final RunShards train;
  private final RunShards test;
  private final RunCheckpoints checkpoints;

  /**
   * Looks at all paths, and changes nothing.
   *
   * @throws UsageException naming the option, if pictures are missing or checkpoints in the way
   */
  public PretrainJob(Configuration configuration, PretrainSettings settings, Console console)
      throws IOException {
    this.configuration = configuration;
    this.settings = settings;
    this.console = console;
    checkpoints = RunCheckpoints.open(configuration, settings, console);
    train =
        new RunShards(
            configuration,
            console,
            "--train-images-path",
            settings.trainImages(),
            settings.runDir(),
            "train");
    test =
        new RunShards(
            configuration,
            console,
            "--test-images-path",
            settings.testImages(),
            settings.runDir(),
            "test");
  }

  /**
   * Trains until the budget is used up, evaluates and saves.
   *
   * @param spark a context with one task per executor at a time, whose cores the task uses
   * @return the last evaluation
   * @throws UsageException if no picture can be used, or the run has nothing left to do
   * @throws TrainingStoppedException if training diverged or a shard is damaged; the last
   *     checkpoint is kept
   */
  public TrainingEvaluation.Outcome run(JavaSparkContext spark) throws IOException {
    Writable.require(configuration, "--run-dir-path", settings.runDir());
    ShardIndex trainIndex = train.open(spark);
    ShardIndex testIndex = test.open(spark);
    TrainingRows pictures = usable(trainIndex);
    TrainingEvaluation.Settings evaluated = evaluationSettings(testIndex);
    String engine = settings.parallelism().engine().engineOnClassPath().name();
    int threads = spark.getConf().getInt("spark.task.cpus", 1);
    EngineOptions options = options(threads);
    int workers = workers(spark);

    ComputationGraph network =
        UpscalerGraph.initialised(
            UpscalerGraph.training(
                settings.upscaler(), settings.loss(), settings.optimization().adafactor()),
            settings.epochs().seed(),
            settings.optimization().decoderGain());
    Position start = checkpoints.restore(network, trainIndex.fingerprint(), console);
    checkpoints.begin(
        configuration,
        new Provenance(
            Versions.fovea(),
            Versions.deeplearning4j(),
            spark.version(),
            engine,
            options.precision().name().toLowerCase(Locale.ROOT),
            trainIndex.fingerprint()));
    checkpoints.recordTerms(train.terms());
    describe(engine, options, workers, network.numParams());

    RunEvents events =
        start.step() == 0
            ? RunEvents.begin(configuration, settings.runDir())
            : RunEvents.resume(configuration, settings.runDir(), start.step());
    PicturePairs pairs =
        PicturePairs.of(
            spark,
            trainIndex,
            settings.pairs(),
            LoaderSettings.of(settings.parallelism().datasetProcesses()),
            settings.epochs().seed());
    AveragingSettings averagingSettings =
        new AveragingSettings(engine, options, settings.optimization().maxGradientNorm());
    try (AveragingRun averaging = AveragingRun.start(spark, network, averagingSettings, pairs);
        TrainingEvaluationJob evaluation =
            new TrainingEvaluationJob(spark, testIndex, evaluated, engine, options)) {
      return new TrainingLoop(
              settings,
              pictures,
              workers,
              averaging,
              evaluation,
              checkpoints,
              events,
              console,
              start)
          .run();
    } catch (TrainingStoppedException e) {
      throw new TrainingStoppedException(
          "%s; %s".formatted(e.getMessage(), checkpoints.lastKept()));
    } finally {
      events.flush();
    }
  }

  private EngineOptions options(int threads) {
    EngineOptions options = settings.parallelism().engine().options(threads);
    return new EngineOptions(
        options.device(),
        options.precision(),
        threads,
        settings.optimization().memory() == Optimization.Memory.LOW);
  }

  private TrainingRows usable(ShardIndex index) {
    int smallest =
        settings.pairs().cropMode() == CropMode.NATIVE ? settings.pairs().targetResolution() : 1;
    TrainingRows pictures = TrainingRows.of(index, smallest);
    if (pictures.size() == 0) {
      throw new UsageException(
          "--target-resolution",
          settings.pairs().targetResolution(),
          "all %d pictures of --train-images-path are smaller; take smaller crops, or --crop-mode"
                  .formatted(index.size())
              + " resized");
    }
    int left = index.size() - pictures.size();
    console.line(
        "training on %s%s"
            .formatted(
                Figures.count(pictures.size(), "picture", "pictures"),
                left == 0
                    ? ""
                    : ", %s smaller than %d pixels left out"
                        .formatted(Figures.count(left), settings.pairs().targetResolution())));
    return pictures;
  }

  /** The crop of training, or the smallest that all metrics can measure. */
  private TrainingEvaluation.Settings evaluationSettings(ShardIndex test) {
    if (TrainingRows.of(test, Vif.MINIMUM_SIZE).size() == 0) {
      throw new UsageException(
          "--test-images-path",
          settings.testImages(),
          "none of its %d pictures has %d pixels a side, which VIF needs"
              .formatted(test.size(), Vif.MINIMUM_SIZE));
    }
    int ratio = settings.pairs().upscaleRatio();
    int smallest = (Vif.MINIMUM_SIZE + ratio - 1) / ratio * ratio;
    return new TrainingEvaluation.Settings(
        Math.max(settings.pairs().targetResolution(), smallest),
        ratio,
        settings.pairs().downscaler());
  }

  private int workers(JavaSparkContext spark) {
    if (settings.parallelism().workers().isPresent()) {
      return settings.parallelism().workers().getAsInt();
    }
    // The driver is among them; in local mode it is the only one.
    return Math.max(1, spark.sc().getExecutorMemoryStatus().size() - 1);
  }

  private void describe(String engine, EngineOptions options, int workers, long parameters) {
    UpscalerConfig upscaler = settings.upscaler();
    console.line(
        "%dx upscaler, %d channels, %d blocks: %s parameters"
            .formatted(
                upscaler.upscaleRatio(),
                upscaler.numChannels(),
                upscaler.numLayers(),
                Figures.count(parameters)));
    console.line(
        "%s with the engine %s on %s, %s each; seed %d"
            .formatted(
                Figures.count(workers, "worker", "workers"),
                engine,
                options.device(),
                Figures.count(options.threads(), "thread", "threads"),
                settings.epochs().seed()));
  }
}
