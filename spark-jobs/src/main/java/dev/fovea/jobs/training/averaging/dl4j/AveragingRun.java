package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.spark.counters.JobCounters;
import dev.fovea.jobs.spark.counters.JobDescription;
import dev.fovea.jobs.spark.kryo.FoveaRegistrator;
import dev.fovea.jobs.spark.session.KeptOpen;
import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.DivergedException;
import dev.fovea.jobs.training.averaging.Incident;
import dev.fovea.jobs.training.averaging.Procedure;
import dev.fovea.jobs.training.averaging.RoundPlan;
import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.jobs.training.averaging.TrainingStoppedException;
import dev.fovea.model.engine.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A training run by parameter averaging. Between rounds the driver's networks hold the averaged
 * parameters and updater states, to be read or replaced by the caller.
 *
 * <p>What comes out depends on the networks, the settings, the plans and the number of workers, and
 * not on how many executors there are, which of them ran what, or whether a task was tried again.
 * Not thread-safe.
 *
 * @param <F> the figures of an optimiser step
 */
public final class AveragingRun<F> implements AutoCloseable {
  private final JavaSparkContext spark;
  private final BatchSource source;
  private final String job = UUID.randomUUID().toString();
  private final AveragingMaster<F> master;
  private final SparkComputationGraph graph;
  private final RoundCounters counters;
  private final TaskWatch watch;
  private final Incidents incidents;

  private AveragingRun(
      JavaSparkContext spark,
      List<ComputationGraph> networks,
      Procedure<F> procedure,
      AveragingSettings settings,
      BatchSource source) {
    this.spark = spark;
    this.source = source;
    this.master = new AveragingMaster<>(job, settings, networks, procedure);
    this.graph = new SparkComputationGraph(spark, networks.get(0), master);
    this.counters = new RoundCounters(JobCounters.of(spark));
    this.watch = new TaskWatch(spark.sc());
    this.incidents = new Incidents(spark.sc(), watch::isOfARound);
  }

  /**
   * Begins a run. Executors open the networks in the first round.
   *
   * @param spark a context with {@link FoveaRegistrator#SPARK_SETTINGS}
   * @param networks initialised, one or more, as many as the procedure trains and in its order;
   *     trained in place, all in the same rounds
   * @param procedure how workers train them
   * @param source makes the mini-batches on the executors
   * @throws IllegalArgumentException if the engine is unknown or the context lacks a setting
   */
  public static <F> AveragingRun<F> start(
      JavaSparkContext spark,
      List<ComputationGraph> networks,
      Procedure<F> procedure,
      AveragingSettings settings,
      BatchSource source) {
    Engines.named(settings.engine());
    for (String name : List.of("spark.serializer", "spark.kryo.registrator")) {
      String needed = FoveaRegistrator.SPARK_SETTINGS.get(name);
      String found = spark.getConf().get(name, "not set");
      if (!found.equals(needed)) {
        throw new IllegalArgumentException(
            "Spark's %s is %s, but training needs %s".formatted(name, found, needed));
      }
    }
    return new AveragingRun<>(spark, networks, procedure, settings, source);
  }

  /**
   * Trains on the given steps, a contiguous run of them on each worker, and averages. With one
   * worker the result does not depend on how steps are cut into rounds.
   *
   * @param steps one or more optimiser steps, in order
   * @param workers how many logical workers share them; fewer take part where there are fewer steps
   * @throws DivergedException if a step gave figures that are not finite; the networks are
   *     unchanged
   * @throws TrainingStoppedException if a mini-batch cannot be made; the networks are unchanged
   * @throws IllegalStateException if a task failed, or hung until it was killed, as often as Spark
   *     allows; the networks are unchanged
   */
  public RoundResult<F> round(List<StepPlan> steps, int workers) {
    RoundPlan plan = RoundPlan.cut(steps, workers);
    long begin = System.nanoTime();
    List<List<String>> lines = new ArrayList<>();
    plan.runs().forEach(run -> lines.add(Descriptor.lines(run)));
    JavaRDD<String> descriptors =
        spark.parallelize(lines, lines.size()).mapPartitions(new OpenBatches(source));
    ComputationGraphConfiguration configuration = graph.getNetwork().getConfiguration();
    int epochs = configuration.getEpochCount();
    String what =
        "steps %d to %d".formatted(steps.get(0).number(), steps.get(steps.size() - 1).number());
    master.expect(
        steps.stream()
            .mapToDouble(step -> step.instruction().learningRate())
            .average()
            .orElseThrow());
    watch.beginRound(plan.runs().get(0).size());
    try {
      JobDescription.during(
          spark,
          "train on %s, %d at once".formatted(what, lines.size()),
          () -> graph.fitPaths(descriptors, new PlannedLoader()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // Scala throws Spark's checked exceptions undeclared.
      if (watch.gaveUp()) {
        throw new IllegalStateException("%s: %s".formatted(what, watch.limit()), e);
      }
      throw new IllegalStateException("%s: %s".formatted(what, firstLine(e)), e);
    } finally {
      watch.endRound();
      // DL4J counts every call as an epoch.
      configuration.setEpochCount(epochs);
    }
    RoundResult<F> result =
        new RoundResult<>(
            master.figures(),
            master.reports(),
            (System.nanoTime() - begin) / 1e9,
            master.secondsBroadcasting());
    watch.observe(result.workers());
    incidents.observe(result.workers());
    counters.count(result, begin);
    return result;
  }

  /** What made rounds longer and was not asked for yet; Spark tells of some a moment later. */
  public List<Incident> incidents() {
    return incidents.drain();
  }

  /** The velocity of the outer momentum, [1, P]; empty where there is none. */
  public Optional<INDArray> outerVelocity() {
    return master.outer().velocity();
  }

  /** Goes on with the velocity of an earlier run, [1, P]. */
  public void restoreOuterVelocity(INDArray velocity) {
    master.outer().restore(velocity);
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse("");
  }

  /**
   * How many seconds a worker's part of a round may take in any case before it is taken to hang;
   * infinite if it never is.
   */
  public double taskLimitSeconds() {
    return watch.leastSeconds();
  }

  /** Closes the networks that executors have kept open. */
  @Override
  public void close() {
    watch.close();
    incidents.close();
    KeptOpen.closeEverywhere(spark, job);
  }
}
