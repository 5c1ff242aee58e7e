package dev.fovea.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.engine.nd4j.Nd4jEngine;
import dev.fovea.model.golden.GoldenUpscaler;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Holds the two engines together: the same network, batch and steps, in fp32 on the CPU. */
class EngineEquivalenceTest {
  private static final double TOLERANCE = 1e-4;
  private static final EngineOptions OPTIONS = EngineOptions.cpu(2);
  private static final double MAX_GRADIENT_NORM = 0.5;

  private final Engine nd4j = new Nd4jEngine();
  private final Engine torch = new TorchEngine();

  @ParameterizedTest
  @EnumSource
  void outputsAreEqual(GoldenUpscaler golden) {
    INDArray parameters = golden.parameters(network(golden));
    try (Upscaler one = nd4j.openUpscaler(golden.config(), parameters, OPTIONS);
        Upscaler other = torch.openUpscaler(golden.config(), parameters, OPTIONS)) {
      assertThat(relativeError(other.upscale(golden.input()), one.upscale(golden.input())))
          .isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lossesAndEveryGradientAreEqual(GoldenUpscaler golden) {
    try (Trainer one = open(nd4j, golden);
        Trainer other = open(torch, golden)) {
      one.accumulate(golden.input(), golden.target());
      other.accumulate(golden.input(), golden.target());
      Map<String, INDArray> expected = byName(golden, one.gradient());
      Map<String, INDArray> actual = byName(golden, other.gradient());
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      actual.forEach(
          (name, gradient) ->
              assertThat(relativeError(gradient, expected.get(name)))
                  .as(name)
                  .isLessThan(TOLERANCE));
      one.step(1e-2, MAX_GRADIENT_NORM);
      other.step(1e-2, MAX_GRADIENT_NORM);
      assertEqualFigures(other.drain(), one.drain());
    }
  }

  @ParameterizedTest
  @EnumSource
  void tenStepsOfAdafactorAreEqual(GoldenUpscaler golden) {
    try (Trainer one = open(nd4j, golden);
        Trainer other = open(torch, golden)) {
      for (int step = 0; step < 10; step++) {
        double learningRate = 1e-2 / (1 + step);
        one.accumulate(golden.input(), golden.target());
        other.accumulate(golden.input(), golden.target());
        one.step(learningRate, MAX_GRADIENT_NORM);
        other.step(learningRate, MAX_GRADIENT_NORM);
      }
      assertEqualFigures(other.drain(), one.drain());
      Map<String, INDArray> expected = byName(golden, one.parameters());
      byName(golden, other.parameters())
          .forEach(
              (name, parameter) ->
                  assertThat(relativeError(parameter, expected.get(name)))
                      .as(name)
                      .isLessThan(TOLERANCE));
      assertThat(relativeError(other.updaterState(), one.updaterState())).isLessThan(TOLERANCE);
    }
  }

  /** Wide enough for products to be saved by Winograd's way; the goldens are not. */
  @ParameterizedTest
  @ValueSource(ints = {4, 12, 14})
  void everyGradientOfAWideNetworkIsEqual(int height) {
    ComputationGraphConfiguration graph =
        UpscalerGraph.training(
            new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 48, 2, 2),
            new LossConfig(ReconstructionLoss.MSE, 0.1),
            AdafactorConfig.of(1e-2, -0.8));
    ComputationGraph network = UpscalerGraph.initialised(graph, 3);
    INDArray low = Nd4j.rand(DataType.FLOAT, 2, 3, height, 9);
    INDArray high = Nd4j.rand(DataType.FLOAT, 2, 3, 4 * height, 36);
    try (Trainer one = nd4j.openTrainer(graph, OPTIONS);
        Trainer other = torch.openTrainer(graph, OPTIONS)) {
      for (Trainer trainer : List.of(one, other)) {
        trainer.restore(network.params(), network.getUpdater().getStateViewArray());
        trainer.accumulate(low, high);
      }
      Map<String, INDArray> expected = byName(graph, one.gradient());
      byName(graph, other.gradient())
          .forEach(
              (name, gradient) ->
                  assertThat(relativeError(gradient, expected.get(name)))
                      .as(name)
                      .isLessThan(TOLERANCE));
    }
  }

  private static void assertEqualFigures(List<StepFigures> actual, List<StepFigures> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      StepFigures a = actual.get(i);
      StepFigures e = expected.get(i);
      assertThat(Math.abs(a.reconstruction() / e.reconstruction() - 1)).isLessThan(TOLERANCE);
      assertThat(Math.abs(a.totalVariation() / e.totalVariation() - 1)).isLessThan(TOLERANCE);
      assertThat(Math.abs(a.gradientNorm() / e.gradientNorm() - 1)).isLessThan(TOLERANCE);
    }
  }

  private static Trainer open(Engine engine, GoldenUpscaler golden) {
    ComputationGraph network = network(golden);
    Trainer trainer = engine.openTrainer(network.getConfiguration(), OPTIONS);
    trainer.restore(golden.parameters(network), network.getUpdater().getStateViewArray());
    return trainer;
  }

  private static Map<String, INDArray> byName(GoldenUpscaler golden, INDArray flat) {
    return byName(network(golden).getConfiguration(), flat);
  }

  private static Map<String, INDArray> byName(ComputationGraphConfiguration graph, INDArray flat) {
    ComputationGraph network = new ComputationGraph(graph);
    network.init(flat, true);
    return network.paramTable();
  }

  private static ComputationGraph network(GoldenUpscaler golden) {
    ComputationGraphConfiguration graph =
        UpscalerGraph.training(golden.config(), golden.loss(), AdafactorConfig.of(1e-2, -0.8));
    return UpscalerGraph.initialised(graph, 1);
  }

  private static double relativeError(INDArray actual, INDArray expected) {
    return actual.sub(expected).norm2Number().doubleValue() / expected.norm2Number().doubleValue();
  }
}
