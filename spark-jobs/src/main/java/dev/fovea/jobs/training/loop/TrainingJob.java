package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.evaluation.training.TrainingEvaluation;
import dev.fovea.jobs.evaluation.training.TrainingEvaluationJob;
import dev.fovea.jobs.runs.dashboard.TrainingRecord;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.Versions;
import dev.fovea.jobs.spark.memory.TrainingMemory;
import dev.fovea.jobs.spark.memory.TrainingMemory.Execution;
import dev.fovea.jobs.spark.session.Executors;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.Writable;
import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.TrainingStoppedException;
import dev.fovea.jobs.training.averaging.dl4j.AveragingRun;
import dev.fovea.jobs.training.epoch.DamagedGroups;
import dev.fovea.jobs.training.epoch.EpochSettings;
import dev.fovea.jobs.training.epoch.LoaderSettings;
import dev.fovea.jobs.training.epoch.PicturePairs;
import dev.fovea.jobs.training.epoch.TrainingRows;
import dev.fovea.model.checkpoint.Checkpoint;
import dev.fovea.model.checkpoint.Provenance;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.metric.Vif;
import dev.fovea.pictures.pairs.CropMode;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A run of either stage as a Spark job: opens shards, puts networks back to where they were, and
 * hands over to the loop.
 *
 * @param <F> the figures of an optimiser step
 */
public final class TrainingJob<F> {
  private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,.*");

  private final Configuration configuration;
  private final RunSettings settings;
  private final Console console;
  private final RunShards train;
  private final RunShards test;
  private final RunCheckpoints checkpoints;
  private final Supplier<? extends Stage<F>> opening;

  /**
   * Looks at all paths, and changes nothing.
   *
   * @param stage makes the networks, once the pictures are there
   * @throws UsageException naming the option, if pictures are missing
   */
  public TrainingJob(
      Configuration configuration,
      RunSettings settings,
      RunCheckpoints checkpoints,
      Supplier<? extends Stage<F>> stage,
      Console console)
      throws IOException {
    this.configuration = configuration;
    this.settings = settings;
    this.console = console;
    this.checkpoints = checkpoints;
    this.opening = stage;
    train =
        new RunShards(
            configuration,
            console,
            Setting.TRAIN_IMAGES_PATH,
            settings.trainImages(),
            settings.runDir(),
            "train");
    test =
        new RunShards(
            configuration,
            console,
            Setting.TEST_IMAGES_PATH,
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
    Writable.requireFolder(configuration, Setting.RUN_DIR_PATH, settings.runDir());
    String recordId = EarlierRecord.id(configuration, settings, checkpoints.resumed());
    ShardIndex trainIndex = train.open(spark, settings.onCorruptShard());
    ShardIndex testIndex = test.open(spark, OnCorruptShard.FAIL);
    DamagedGroups damaged = damaged(spark, trainIndex);
    String fingerprint = damaged.fingerprint(trainIndex);
    TrainingRows pictures = usable(trainIndex, damaged);
    TrainingEvaluation.Settings evaluated = evaluationSettings(testIndex);
    String engine = settings.parallelism().engine().engineOnClassPath().name();
    int threads = spark.getConf().getInt("spark.task.cpus", 1);
    int workers = workers(spark);
    RunSettings among = among(workers);
    EngineOptions options = EngineProbe.settle(spark, workers, engine, options(threads), console);

    Stage<F> stage = opening.get();
    TrainingMemoryCheck.require(
        spark,
        workers,
        options,
        among.epochs().largestBatch(),
        memory(stage, Execution.onCpu(engine, options.precision())),
        memory(stage, Execution.onGpu(options.precision())));
    Provenance provenance =
        new Provenance(
            Versions.fovea(),
            Versions.deeplearning4j(),
            spark.version(),
            engine,
            options.precision().id(),
            fingerprint);
    checkpoints.recordWorkers(workers);
    Position start = checkpoints.restore(stage, provenance, console);
    checkpoints.begin(configuration, provenance, train.fingerprints(), stage.origin());
    checkpoints.recordTerms(train.terms());
    checkpoints.recordRun(recordId);
    stage.description().forEach(console::line);
    describe(engine, options, workers);
    describe(
        new EpochShape(
            among.epochs(),
            workers,
            settings.parallelism().averagingFrequency(),
            among.epochs().stepsPerEpoch(pictures.size())));

    PicturePairs pairs =
        PicturePairs.of(
            spark,
            trainIndex,
            settings.pairs(),
            LoaderSettings.of(settings.parallelism().datasetProcesses()),
            settings.epochs().seed());
    AveragingSettings averagingSettings =
        new AveragingSettings(
            engine,
            options,
            settings.optimization().maxGradientNorm(),
            settings.parallelism().outer());
    TrainingRecord record =
        new TrainingRecord(configuration, settings.runDir(), settings.tracking(), console::note);
    RunDescription description =
        DescribedRun.of(recordId, settings, stage, provenance, options, workers);
    try (StopRequest stop = StopRequest.listen(console);
        AveragingRun<F> averaging =
            AveragingRun.start(
                spark, stage.networks(), stage.procedure(), averagingSettings, pairs);
        TrainingEvaluationJob evaluation =
            new TrainingEvaluationJob(spark, testIndex, evaluated, engine, options)) {
      checkpoints
          .resumed()
          .flatMap(Checkpoint::outerVelocity)
          .ifPresent(averaging::restoreOuterVelocity);
      return record.keep(
          description,
          start.step(),
          events -> {
            stage.begin(evaluation, testIndex.fingerprint(), events, console);
            return new TrainingLoop<>(
                    among,
                    stage,
                    pictures,
                    workers,
                    averaging,
                    evaluation,
                    checkpoints,
                    events,
                    console,
                    stop,
                    start)
                .run();
          });
    } catch (TrainingStoppedException e) {
      throw new TrainingStoppedException(
          "%s; %s".formatted(e.getMessage(), checkpoints.lastKept()));
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "%s; %s".formatted(e.getMessage(), checkpoints.lastKept()), e);
    } finally {
      checkpoints.close();
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

  private TrainingMemory memory(Stage<F> stage, Execution execution) {
    TrainingMemory upscaler =
        TrainingMemory.ofUpscaler(stage.upscaler(), settings.pairs().lowResolution(), execution);
    return stage
        .critic()
        .map(critic -> upscaler.with(critic, settings.pairs().targetResolution(), execution))
        .orElse(upscaler);
  }

  private DamagedGroups damaged(JavaSparkContext spark, ShardIndex index) {
    if (settings.onCorruptShard() == OnCorruptShard.FAIL) {
      return DamagedGroups.NONE;
    }
    DamagedGroups damaged = DamagedGroups.find(spark, index);
    if (!damaged.reasons().isEmpty()) {
      damaged.reasons().values().forEach(reason -> console.note(reason + "; it is left out"));
      console.note(
          "%s with %s cannot be read and left out"
              .formatted(
                  Figures.count(damaged.reasons().size(), "row group", "row groups"),
                  Figures.count(damaged.pictures(index), "picture", "pictures")));
    }
    return damaged;
  }

  private TrainingRows usable(ShardIndex index, DamagedGroups damaged) {
    int smallest =
        settings.pairs().cropMode() == CropMode.NATIVE ? settings.pairs().targetResolution() : 1;
    TrainingRows pictures = TrainingRows.of(index, smallest, damaged);
    if (pictures.size() == 0) {
      throw new UsageException(
          Setting.TARGET_RESOLUTION,
          settings.pairs().targetResolution(),
          "all %d pictures of %s are smaller; take smaller crops, or %s resized"
              .formatted(index.size(), Setting.TRAIN_IMAGES_PATH, Setting.CROP_MODE));
    }
    int left = index.size() - damaged.pictures(index) - pictures.size();
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
          Setting.TEST_IMAGES_PATH,
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
    // As many as were asked for: one that is late, or never comes, must not change the result.
    int asked = spark.getConf().getInt("spark.executor.instances", 0);
    Matcher localCluster = LOCAL_CLUSTER.matcher(spark.master());
    if (localCluster.matches()) {
      asked = Integer.parseInt(localCluster.group(1));
    }
    int there = asked > 0 ? Executors.registered(spark) : Executors.settled(spark);
    if (there < asked) {
      console.note(
          "%d of %d executors are there; they do the work of all until the others come"
              .formatted(there, asked));
    }
    return Math.max(1, asked > 0 ? asked : there);
  }

  private void describe(String engine, EngineOptions options, int workers) {
    console.line(
        "%s with the engine %s on %s in %s, %s each; seed %d"
            .formatted(
                Figures.count(workers, "worker", "workers"),
                engine,
                options.device(),
                options.precision().id(),
                Figures.count(options.threads(), "thread", "threads"),
                settings.epochs().seed()));
  }

  private void describe(EpochShape epoch) {
    console.line(epoch.description(settings.budget().epochs()));
    epoch.warning().ifPresent(console::note);
  }

  private RunSettings among(int workers) {
    if (settings.epochs().sharing() == EpochSettings.ALL_WORKERS
        && settings.epochs().batchSize() < workers) {
      throw new UsageException(
          Setting.GLOBAL_BATCH_SIZE,
          settings.epochs().batchSize(),
          "%d or more is allowed, a sample for each worker".formatted(workers));
    }
    return settings.among(workers);
  }
}
