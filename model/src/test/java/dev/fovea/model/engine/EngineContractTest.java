package dev.fovea.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.golden.GoldenUpscaler;
import dev.fovea.model.loss.LossFigures;
import dev.fovea.model.loss.UpscalerLossLayer;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What every engine has to do that trains as well, in fp32 on the CPU. Recorded passes of PyTorch
 * are one measure, the DL4J graph itself, which defines the network, the other.
 */
public abstract class EngineContractTest extends UpscalerContractTest {
  private static final double NO_CLIPPING = 1e9;

  @ParameterizedTest
  @EnumSource
  void lossIsPyTorchs(GoldenUpscaler golden) {
    try (Trainer trainer = restored(golden)) {
      trainer.accumulate(golden.input(), golden.target());
      trainer.step(1e-3, NO_CLIPPING);
      StepFigures figures = trainer.drain().get(0);
      assertThat(figures.reconstruction()).isCloseTo(golden.figure("mse"), withPercentage(1e-3));
      assertThat(figures.totalVariation()).isCloseTo(golden.figure("tv"), withPercentage(1e-3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyGradientIsPyTorchs(GoldenUpscaler golden) {
    ComputationGraph network = network(golden);
    try (Trainer trainer = restored(golden)) {
      trainer.accumulate(golden.input(), golden.target());
      Map<String, INDArray> actual = byName(network, trainer.gradient());
      byName(network, golden.gradient(network))
          .forEach(
              (name, expected) ->
                  assertThat(relativeError(actual.get(name), expected)).as(name).isLessThan(1e-4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void followsTheGraphWithEitherLoss(ReconstructionLoss reconstruction) {
    ComputationGraph network = initialised(new LossConfig(reconstruction, 0.1));
    INDArray low = pictures(1, 2, 3, 9, 7);
    INDArray high = pictures(2, 2, 3, 18, 14);
    LossFigures expected = computeGradient(network, low, high);
    try (Trainer trainer = open(network)) {
      trainer.accumulate(low, high);
      assertThat(relativeError(trainer.gradient(), network.getFlattenedGradients()))
          .isLessThan(1e-4);
      trainer.step(1e-3, NO_CLIPPING);
      StepFigures figures = trainer.drain().get(0);
      assertThat(figures.reconstruction())
          .isCloseTo(expected.reconstruction(), withPercentage(1e-3));
      assertThat(figures.totalVariation())
          .isCloseTo(expected.totalVariation(), withPercentage(1e-3));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 9", "7, 1", "5, 3", "17, 13"})
  void anySizeOfPictureIsTrainedOn(int height, int width) {
    ComputationGraph network = initialised(LOSS);
    INDArray low = pictures(1, 2, 3, height, width);
    INDArray high = pictures(2, 2, 3, 2 * height, 2 * width);
    try (Trainer trainer = open(network)) {
      computeGradient(network, low, high);
      trainer.accumulate(low, high);
      assertThat(relativeError(trainer.gradient(), network.getFlattenedGradients()))
          .isLessThan(1e-4);
    }
  }

  @Test
  void accumulationEqualsTheBigBatch() {
    ComputationGraph network = initialised(LOSS);
    INDArray low = pictures(1, 5, 3, 8, 8);
    INDArray high = pictures(2, 5, 3, 16, 16);
    try (Trainer whole = open(network);
        Trainer parts = open(network)) {
      whole.accumulate(low, high);
      parts.accumulate(examples(low, 0, 1), examples(high, 0, 1));
      parts.accumulate(examples(low, 1, 3), examples(high, 1, 3));
      parts.accumulate(examples(low, 3, 5), examples(high, 3, 5));
      assertThat(relativeError(parts.gradient(), whole.gradient())).isLessThan(1e-5);
      whole.step(1e-3, NO_CLIPPING);
      parts.step(1e-3, NO_CLIPPING);
      StepFigures expected = whole.drain().get(0);
      StepFigures actual = parts.drain().get(0);
      assertThat(actual.reconstruction())
          .isCloseTo(expected.reconstruction(), withPercentage(1e-3));
      assertThat(actual.totalVariation())
          .isCloseTo(expected.totalVariation(), withPercentage(1e-3));
      assertThat(actual.gradientNorm()).isCloseTo(expected.gradientNorm(), withPercentage(1e-3));
      assertThat(relativeError(parts.parameters(), whole.parameters())).isLessThan(1e-5);
    }
  }

  @Test
  void anIncompleteGroupStepsByItsOwnSamplesAlone() {
    ComputationGraph network = initialised(LOSS);
    try (Trainer trainer = open(network);
        Trainer fresh = open(network)) {
      accumulate(trainer, 1, 2);
      accumulate(trainer, 2, 2);
      trainer.step(1e-2, 1);
      fresh.restore(trainer.parameters(), trainer.updaterState());
      accumulate(trainer, 3, 1);
      trainer.step(1e-2, 1);
      accumulate(fresh, 3, 1);
      fresh.step(1e-2, 1);
      assertThat(bits(trainer.parameters())).isEqualTo(bits(fresh.parameters()));
      assertThat(trainer.drain().get(1)).isEqualTo(fresh.drain().get(0));
    }
  }

  @Test
  void stepsAsTheGraphsUpdatersDo() {
    ComputationGraph network = initialised(LOSS);
    try (Trainer trainer = open(network)) {
      for (int step = 1; step <= 3; step++) {
        INDArray low = pictures(step, 2, 3, 8, 8);
        INDArray high = pictures(10 + step, 2, 3, 16, 16);
        computeGradient(network, low, high);
        INDArray gradient = network.getFlattenedGradients();
        network.getUpdater().update(network.gradient(), 0, 0, 2, LayerWorkspaceMgr.noWorkspaces());
        network.params().subi(gradient.reshape(network.params().shape()));
        trainer.accumulate(low, high);
        trainer.step(ADAFACTOR.learningRate(), NO_CLIPPING);
        assertThat(relativeError(trainer.parameters(), network.params())).isLessThan(1e-5);
      }
      assertThat(relativeError(trainer.updaterState(), network.getUpdater().getStateViewArray()))
          .isLessThan(1e-4);
    }
  }

  @Test
  void updatesAreProportionalToTheStepsLearningRate() {
    ComputationGraph network = initialised(LOSS);
    try (Trainer trainer = open(network)) {
      accumulate(trainer, 1, 2);
      trainer.step(1e-4, NO_CLIPPING);
      INDArray slow = trainer.parameters().sub(row(network.params()));
      restore(trainer, network);
      accumulate(trainer, 1, 2);
      trainer.step(2e-4, NO_CLIPPING);
      INDArray fast = trainer.parameters().sub(row(network.params()));
      assertThat(relativeError(fast, slow.mul(2))).isLessThan(1e-3);
    }
  }

  @Test
  void clipsByTheGlobalNormAsPyTorch() {
    ComputationGraph network = initialised(LOSS);
    try (Trainer trainer = open(network)) {
      accumulate(trainer, 1, 2);
      INDArray gradient = trainer.gradient();
      double norm = gradient.norm2Number().doubleValue();
      trainer.step(1e-3, norm / 10);
      assertThat(trainer.drain().get(0).gradientNorm()).isCloseTo(norm, withPercentage(1e-3));

      network.setParams(initialised(LOSS).params());
      computeGradient(network, pictures(1, 2, 3, 8, 8), pictures(1001, 2, 3, 16, 16));
      INDArray clipped = network.getFlattenedGradients();
      clipped.muli(norm / 10 / (norm + 1e-6));
      network.getUpdater().update(network.gradient(), 0, 0, 2, LayerWorkspaceMgr.noWorkspaces());
      assertThat(relativeError(trainer.updaterState(), network.getUpdater().getStateViewArray()))
          .isLessThan(1e-4);
    }
  }

  @Test
  void repeatsItselfBitByBitAfterRestore() {
    ComputationGraph network = initialised(LOSS);
    try (Trainer trainer = open(network)) {
      List<StepFigures> first = trainThreeSteps(trainer);
      INDArray parameters = trainer.parameters();
      INDArray state = trainer.updaterState();
      restore(trainer, network);
      assertThat(trainThreeSteps(trainer)).isEqualTo(first);
      assertThat(bits(trainer.parameters())).isEqualTo(bits(parameters));
      assertThat(bits(trainer.updaterState())).isEqualTo(bits(state));
    }
  }

  @Test
  void restoreTakesCopiesAndGivesCopies() {
    ComputationGraph network = initialised(LOSS);
    INDArray parameters = row(network.params());
    INDArray state = row(network.getUpdater().getStateViewArray()).addi(1);
    try (Trainer trainer = open(network)) {
      trainer.restore(parameters, state);
      INDArray given = trainer.parameters();
      assertThat(bits(given)).isEqualTo(bits(parameters));
      assertThat(given.shape()).containsExactly(1, parameters.length());
      assertThat(bits(trainer.updaterState())).isEqualTo(bits(state));
      accumulate(trainer, 1, 2);
      trainer.step(1e-2, 1);
      assertThat(bits(given)).isEqualTo(bits(parameters));
      parameters.assign(0);
      assertThat(trainer.parameters().amaxNumber().doubleValue()).isPositive();
    }
  }

  @Test
  void restoreForgetsGradientsAndFigures() {
    ComputationGraph network = initialised(LOSS);
    try (Trainer trainer = open(network)) {
      accumulate(trainer, 1, 2);
      trainer.step(1e-2, 1);
      accumulate(trainer, 2, 2);
      restore(trainer, network);
      assertThat(trainer.drain()).isEmpty();
      assertThatThrownBy(() -> trainer.step(1e-2, 1)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aStepWithoutAMiniBatchFails() {
    try (Trainer trainer = open(initialised(LOSS))) {
      assertThatThrownBy(() -> trainer.step(1e-2, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no mini-batch");
      assertThatThrownBy(trainer::gradient)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no mini-batch");
      accumulate(trainer, 1, 1);
      trainer.step(1e-2, 1);
      assertThatThrownBy(() -> trainer.step(1e-2, 1)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void figuresAreDrainedOnceAndInOrder() {
    try (Trainer trainer = open(initialised(LOSS))) {
      List<StepFigures> all = trainThreeSteps(trainer);
      assertThat(all).hasSize(3).doesNotHaveDuplicates().allMatch(StepFigures::finite);
      assertThat(trainer.drain()).isEmpty();
      accumulate(trainer, 9, 1);
      trainer.step(1e-2, 1);
      assertThat(trainer.drain()).hasSize(1).doesNotContainAnyElementsOf(all);
    }
  }

  @Test
  void aNanShowsInTheFigures() {
    try (Trainer trainer = open(initialised(LOSS))) {
      INDArray low = pictures(1, 1, 3, 8, 8);
      low.putScalar(new int[] {0, 1, 4, 4}, Float.NaN);
      trainer.accumulate(low, pictures(2, 1, 3, 16, 16));
      trainer.step(1e-2, 1);
      assertThat(trainer.drain().get(0).finite()).isFalse();
    }
  }

  @Test
  void wrongShapesAreNamed() {
    ComputationGraph network = initialised(LOSS);
    try (Trainer trainer = open(network)) {
      INDArray state = trainer.updaterState();
      assertThatThrownBy(() -> trainer.restore(Nd4j.zeros(1, 7), state))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("parameters")
          .hasMessageContaining("7");
      assertThatThrownBy(() -> trainer.restore(network.params(), Nd4j.zeros(1, 7)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("updater state");
      assertThatThrownBy(() -> trainer.accumulate(pictures(1, 1, 3, 8, 8), pictures(1, 1, 3, 8, 8)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[1, 3, 16, 16]")
          .hasMessageContaining("[1, 3, 8, 8]");
      assertThatThrownBy(
              () -> trainer.accumulate(pictures(1, 1, 1, 8, 8), pictures(1, 1, 3, 16, 16)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[1, 1, 8, 8]");
      accumulate(trainer, 1, 1);
      trainer.step(1e-2, 1);
      assertThat(trainer.drain().get(0).finite()).as("still usable").isTrue();
    }
  }

  @Test
  void automaticPrecisionIsTheOneThatTheEngineNames() {
    ComputationGraph network = initialised(LOSS);
    EngineOptions automatic = options().in(Precision.AUTO);
    EngineOptions named = automatic.in(engine().precision(automatic));
    assertThat(named.precision()).isNotEqualTo(Precision.AUTO);
    assertThat(engine().precision(named)).isEqualTo(named.precision());
    try (Trainer expected = engine().openTrainer(network.getConfiguration(), named);
        Trainer actual = engine().openTrainer(network.getConfiguration(), automatic)) {
      restore(expected, network);
      restore(actual, network);
      assertThat(trainThreeSteps(actual)).isEqualTo(trainThreeSteps(expected));
      assertThat(bits(actual.parameters())).isEqualTo(bits(expected.parameters()));
    }
  }

  // Material

  /** Three steps of different groups, and their figures. */
  protected static List<StepFigures> trainThreeSteps(Trainer trainer) {
    accumulate(trainer, 1, 2);
    trainer.step(1e-2, 1);
    accumulate(trainer, 2, 1);
    accumulate(trainer, 3, 3);
    trainer.step(5e-3, 1e-3);
    accumulate(trainer, 4, 2);
    trainer.step(1e-2, 1);
    return trainer.drain();
  }

  /** A small network in training, always the same at the start. */
  protected final Trainer openSmall(EngineOptions options) {
    ComputationGraph network = initialised(LOSS);
    Trainer trainer = engine().openTrainer(network.getConfiguration(), options);
    restore(trainer, network);
    return trainer;
  }

  private static void accumulate(Trainer trainer, int seed, int batch) {
    trainer.accumulate(pictures(seed, batch, 3, 8, 8), pictures(1000 + seed, batch, 3, 16, 16));
  }

  private Trainer open(ComputationGraph network) {
    Trainer trainer = engine().openTrainer(network.getConfiguration(), options());
    restore(trainer, network);
    return trainer;
  }

  private static void restore(Trainer trainer, ComputationGraph network) {
    trainer.restore(network.params(), network.getUpdater().getStateViewArray());
  }

  private Trainer restored(GoldenUpscaler golden) {
    ComputationGraph network = network(golden);
    network.setParams(golden.parameters(network));
    return open(network);
  }

  private static LossFigures computeGradient(
      ComputationGraph network, INDArray low, INDArray high) {
    network.setInputs(low);
    network.setLabels(high);
    network.computeGradientAndScore();
    return ((UpscalerLossLayer) network.getOutputLayer(0)).figures();
  }

  private static Map<String, INDArray> byName(ComputationGraph network, INDArray flat) {
    ComputationGraph copy = new ComputationGraph(network.getConfiguration().clone());
    copy.init(row(flat), false);
    return copy.paramTable();
  }

  private static INDArray row(INDArray flat) {
    return flat.dup().reshape(1, flat.length());
  }

  private static double relativeError(INDArray actual, INDArray expected) {
    return actual.reshape('c', expected.shape()).sub(expected).norm2Number().doubleValue()
        / expected.norm2Number().doubleValue();
  }
}
