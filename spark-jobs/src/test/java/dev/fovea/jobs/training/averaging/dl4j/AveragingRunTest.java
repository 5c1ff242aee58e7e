package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.Batch;
import dev.fovea.jobs.training.averaging.BatchPlan;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.BatchStream;
import dev.fovea.jobs.training.averaging.DivergedException;
import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.jobs.training.averaging.TrainingStoppedException;
import dev.fovea.jobs.training.averaging.WorkerReport;
import dev.fovea.jobs.training.averaging.dl4j.NumberedSource.Fault;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.engine.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class AveragingRunTest {
  static final AveragingSettings SETTINGS =
      new AveragingSettings("dense", EngineOptions.cpu(1), 100);

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalCluster.threads(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** What a run leaves on the driver, and what its rounds told. */
  record Outcome(
      List<Float> parameters, List<Float> updaterState, List<RoundResult<StepFigures>> rounds) {
    List<StepFigures> figures() {
      return rounds.stream().flatMap(round -> round.figures().stream()).toList();
    }
  }

  static Outcome train(
      JavaSparkContext spark,
      ComputationGraph network,
      AveragingSettings settings,
      BatchSource source,
      List<StepPlan> steps,
      int workers,
      int stepsPerRound) {
    List<RoundResult<StepFigures>> rounds = new ArrayList<>();
    try (AveragingRun<StepFigures> run = TestNetworks.start(spark, network, settings, source)) {
      for (int from = 0; from < steps.size(); from += stepsPerRound) {
        int to = Math.min(steps.size(), from + stepsPerRound);
        rounds.add(run.round(steps.subList(from, to), workers));
      }
    }
    return new Outcome(
        values(network.params()), values(network.getUpdater().getStateViewArray()), rounds);
  }

  private static Outcome train(
      BatchSource source, List<StepPlan> steps, int workers, int perRound) {
    return train(spark, DenseEngine.network(), SETTINGS, source, steps, workers, perRound);
  }

  private static void assertSameBits(Outcome actual, Outcome expected) {
    assertThat(actual.parameters()).isEqualTo(expected.parameters());
    assertThat(actual.updaterState()).isEqualTo(expected.updaterState());
    assertThat(actual.figures()).isEqualTo(expected.figures());
  }

  @ParameterizedTest
  @CsvSource({
    "1,7", "1,19", "1,38", "1,41", "2,7", "2,19", "2,38", "2,41", "3,7", "3,19", "3,38", "3,41"
  })
  void everyPictureIsTrainedOnExactlyOnce(int workers, int batches) {
    List<StepPlan> steps = NumberedSource.steps(batches, 4, 2, 3);
    NumberedSource.TAKEN.clear();

    Outcome outcome = train(NumberedSource.sound(), steps, workers, 5 * workers);

    int pictures = 4 * (batches - 1) + 3;
    assertThat(NumberedSource.TAKEN)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, pictures).boxed().toList());
    assertThat(outcome.rounds().stream().mapToLong(RoundResult::samples).sum()).isEqualTo(pictures);
    assertThat(outcome.figures()).hasSameSizeAs(steps);
  }

  @Test
  void averageIsTheMeanWeightedBySamples() {
    List<StepPlan> steps = NumberedSource.steps(7, 4, 1, 2);
    ComputationGraph start = DenseEngine.network();
    Trained first = trainAlone(start, steps.subList(0, 4));
    Trained second = trainAlone(start, steps.subList(4, 7));

    Outcome outcome = train(NumberedSource.sound(), steps, 2, 7);

    assertThat(outcome.parameters()).isEqualTo(mean(first.parameters, 16, second.parameters, 10));
    assertThat(outcome.updaterState()).isEqualTo(mean(first.state, 16, second.state, 10));
    assertThat(outcome.parameters()).isNotEqualTo(first.parameters);
    List<StepFigures> inOrder = new ArrayList<>(first.figures);
    inOrder.addAll(second.figures);
    assertThat(outcome.figures()).isEqualTo(inOrder);
  }

  private record Trained(List<Float> parameters, List<Float> state, List<StepFigures> figures) {}

  private static Trained trainAlone(ComputationGraph start, List<StepPlan> steps) {
    try (Trainer trainer =
        new DenseEngine().openTrainer(start.getConfiguration(), EngineOptions.cpu(1))) {
      trainer.restore(start.params(), start.getUpdater().getStateViewArray());
      for (StepPlan step : steps) {
        for (BatchPlan plan : step.batches()) {
          Batch batch = NumberedSource.sound().open(List.of(plan.content())).next();
          trainer.accumulate(batch.lowResolution(), batch.highResolution());
        }
        trainer.step(step.instruction().learningRate(), SETTINGS.maxGradientNorm());
      }
      return new Trained(
          values(trainer.parameters()), values(trainer.updaterState()), trainer.drain());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Float> mean(
      List<Float> a, double weightOfA, List<Float> b, double weightOfB) {
    return IntStream.range(0, a.size())
        .mapToObj(
            i -> (float) ((weightOfA * a.get(i) + weightOfB * b.get(i)) / (weightOfA + weightOfB)))
        .toList();
  }

  private static List<Float> values(INDArray vector) {
    float[] values = vector.dup('c').data().asFloat();
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
  }

  @Test
  void oneWorkersResultDoesNotDependOnTheCutIntoRounds() {
    List<StepPlan> steps = NumberedSource.steps(11, 4, 2, 3);

    Outcome whole = train(NumberedSource.sound(), steps, 1, steps.size());

    assertSameBits(train(NumberedSource.sound(), steps, 1, 1), whole);
    assertSameBits(train(NumberedSource.sound(), steps, 1, 4), whole);
  }

  @Test
  void resultDependsOnTheNumberOfWorkers() {
    List<StepPlan> steps = NumberedSource.steps(8, 4, 1, 4);

    assertThat(train(NumberedSource.sound(), steps, 2, 8).parameters())
        .isNotEqualTo(train(NumberedSource.sound(), steps, 1, 8).parameters());
  }

  @Test
  void accumulationGivesTheMeanOverAllSamples() {
    // One group of 4 + 4 + 1 samples has the gradient of one mini-batch of 9.
    Outcome grouped = train(NumberedSource.sound(), NumberedSource.steps(3, 4, 3, 1), 1, 1);
    Outcome atOnce = train(NumberedSource.sound(), NumberedSource.steps(1, 9, 1, 9), 1, 1);

    assertThat(grouped.parameters())
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-6f ? 0 : Float.compare(a, b))
        .isEqualTo(atOnce.parameters());
  }

  @Test
  void taskThatFailedOnceGivesTheSameBits() {
    List<StepPlan> steps = NumberedSource.steps(12, 4, 1, 4);
    int opened = DenseEngine.OPENED.get();
    int closed = DenseEngine.CLOSED.get();

    Outcome retried = train(new NumberedSource(Fault.FIRST_ATTEMPT, 29), steps, 2, 6);

    assertSameBits(retried, train(NumberedSource.sound(), steps, 2, 6));
    assertThat(DenseEngine.CLOSED.get() - closed).isEqualTo(DenseEngine.OPENED.get() - opened);
  }

  @Test
  void residentsAreReusedByLaterRounds() {
    int opened = DenseEngine.OPENED.get();

    train(NumberedSource.sound(), NumberedSource.steps(20, 2, 1, 2), 2, 2);

    assertThat(DenseEngine.OPENED.get() - opened).isBetween(1, 2);
  }

  @Test
  void taskThatFailsAlwaysEndsTheRoundAndLeavesTheNetwork() {
    ComputationGraph network = DenseEngine.network();
    INDArray before = network.params().dup();
    List<StepPlan> steps = NumberedSource.steps(4, 4, 1, 4);
    try (AveragingRun<StepFigures> run =
        TestNetworks.start(spark, network, SETTINGS, new NumberedSource(Fault.EVERY_ATTEMPT, 6))) {

      assertThatThrownBy(() -> run.round(steps, 2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("steps 1 to 4")
          .hasMessageContaining("every attempt fails")
          .hasMessageNotContaining("\n");
    }
    assertThat(network.params()).isEqualTo(before);
  }

  @Test
  void divergedStepIsNamedWithItsPicturesAndLeavesTheNetwork() {
    ComputationGraph network = DenseEngine.network();
    List<StepPlan> steps = NumberedSource.steps(12, 2, 2, 2);
    NumberedSource.TAKEN.clear();
    try (AveragingRun<StepFigures> run =
        TestNetworks.start(spark, network, SETTINGS, new NumberedSource(Fault.NAN, 18))) {
      run.round(steps.subList(0, 2), 2);
      INDArray before = network.params().dup();
      INDArray stateBefore = network.getUpdater().getStateViewArray().dup();

      assertThatThrownBy(() -> run.round(steps.subList(2, 6), 2))
          .isInstanceOfSatisfying(
              DivergedException.class,
              e -> {
                assertThat(e.step()).isEqualTo(5);
                assertThat(e.pictures())
                    .containsExactly("picture-16", "picture-17", "picture-18", "picture-19");
              })
          .hasMessageStartingWith("training diverged in step 5: reconstruction loss NaN, ")
          .hasMessageContaining("picture-18");

      assertThat(network.params()).isEqualTo(before);
      assertThat(network.getUpdater().getStateViewArray()).isEqualTo(stateBefore);
      assertThat(NumberedSource.TAKEN).as("no task was tried again").doesNotHaveDuplicates();
    }
  }

  @Test
  void unusableMiniBatchEndsTheRunWithoutASecondTry() {
    ComputationGraph network = DenseEngine.network();
    INDArray before = network.params().dup();
    NumberedSource.TAKEN.clear();
    try (AveragingRun<StepFigures> run =
        TestNetworks.start(spark, network, SETTINGS, new NumberedSource(Fault.UNUSABLE, 10))) {

      assertThatThrownBy(() -> run.round(NumberedSource.steps(6, 2, 1, 2), 2))
          .isExactlyInstanceOf(TrainingStoppedException.class)
          .hasMessage("step 6: picture-10 is no picture");
    }
    assertThat(network.params()).isEqualTo(before);
    assertThat(NumberedSource.TAKEN).doesNotHaveDuplicates();
  }

  /** Sound mini-batches that tell when the first was taken and when they were closed. */
  private record WatchedSource() implements BatchSource {
    static final CountDownLatch TAKEN = new CountDownLatch(1);
    static final CountDownLatch CLOSED = new CountDownLatch(1);

    @Override
    public BatchStream open(List<String> contents) {
      BatchStream sound = NumberedSource.sound().open(contents);
      return new BatchStream() {
        @Override
        public Batch next() throws IOException, InterruptedException {
          TAKEN.countDown();
          return sound.next();
        }

        @Override
        public void close() {
          CLOSED.countDown();
        }
      };
    }
  }

  @Test
  @Timeout(120)
  void cancelledRoundClosesItsMiniBatchesAndLeavesTheNetwork() throws Exception {
    ComputationGraph network = DenseEngine.network();
    INDArray before = network.params().dup();
    List<StepPlan> manySteps = NumberedSource.steps(50_000, 1, 1, 1);
    try (AveragingRun<StepFigures> run =
        TestNetworks.start(spark, network, SETTINGS, new WatchedSource())) {
      CompletableFuture<RoundResult<StepFigures>> round =
          CompletableFuture.supplyAsync(() -> run.round(manySteps, 1));
      WatchedSource.TAKEN.await();

      spark.sc().cancelAllJobs();

      assertThatThrownBy(round::join)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cancelled");
      WatchedSource.CLOSED.await();
    }
    assertThat(network.params()).isEqualTo(before);
  }

  @Test
  void iterationsAndEpochsAreCountedTruly() {
    ComputationGraph network = DenseEngine.network();
    List<StepPlan> steps = NumberedSource.steps(7, 4, 1, 4);
    try (AveragingRun<StepFigures> run =
        TestNetworks.start(spark, network, SETTINGS, NumberedSource.sound())) {
      RoundResult<StepFigures> first = run.round(steps.subList(0, 5), 2);
      run.round(steps.subList(5, 7), 2);

      assertThat(first.workers()).extracting(WorkerReport::worker).containsExactly(0, 1);
      assertThat(first.workers()).extracting(WorkerReport::steps).containsExactly(3, 2);
      assertThat(first.workers()).extracting(WorkerReport::samples).containsExactly(12L, 8L);
    }
    assertThat(network.getConfiguration().getIterationCount()).isEqualTo(7);
    assertThat(network.getConfiguration().getEpochCount()).isZero();
  }

  @Test
  void unknownEngineIsRefusedBeforeAnythingRuns() {
    assertThatThrownBy(
            () ->
                TestNetworks.start(
                    spark,
                    DenseEngine.network(),
                    new AveragingSettings("abacus", EngineOptions.cpu(1), 1),
                    NumberedSource.sound()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("abacus")
        .hasMessageContaining("dense");
  }
}
