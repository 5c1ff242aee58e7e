package dev.fovea.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.golden.GoldenUpscaler;
import dev.fovea.model.loss.UpscalerLossLayer;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class UpscalerGraphTest {
  private static final AdafactorConfig ADAFACTOR = AdafactorConfig.of(1e-2, -0.8);
  private static final LossConfig LOSS = new LossConfig(ReconstructionLoss.MSE, 0.5);

  @ParameterizedTest
  @EnumSource
  void outputIsPyTorchs(GoldenUpscaler golden) {
    ComputationGraph network = network(golden);
    INDArray output = network.outputSingle(golden.input());
    assertThat(output.equalShapes(golden.output())).isTrue();
    assertThat(output.sub(golden.output()).amaxNumber().doubleValue()).isLessThan(1e-5);
  }

  @ParameterizedTest
  @EnumSource
  void lossIsPyTorchs(GoldenUpscaler golden) {
    ComputationGraph network = network(golden);
    computeGradient(network, golden.input(), golden.target());
    var figures = ((UpscalerLossLayer) network.getOutputLayer(0)).figures();
    assertThat(figures.reconstruction()).isCloseTo(golden.figure("mse"), relative(1e-5));
    assertThat(figures.totalVariation()).isCloseTo(golden.figure("tv"), relative(1e-5));
    assertThat(network.score()).isCloseTo(golden.figure("loss"), relative(1e-5));
  }

  @ParameterizedTest
  @EnumSource
  void everyGradientIsPyTorchs(GoldenUpscaler golden) {
    ComputationGraph network = network(golden);
    computeGradient(network, golden.input(), golden.target());
    ComputationGraph recorded = new ComputationGraph(network.getConfiguration().clone());
    recorded.init(golden.gradient(network), false);
    Map<String, INDArray> expected = recorded.paramTable();
    Map<String, INDArray> gradients = network.gradient().gradientForVariable();
    assertThat(gradients.keySet()).isEqualTo(expected.keySet());
    gradients.forEach(
        (name, gradient) ->
            assertThat(relativeError(gradient, expected.get(name))).as(name).isLessThan(1e-4));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 128, 2, 16, 9514720",
    "4, 64, 2, 16, 2398112",
    "2, 64, 2, 16, 2377304",
    "8, 128, 2, 32, 19130368",
    "4, 32, 1, 4, 90624"
  })
  void hasTheReferencesNumberOfParameters(
      int ratio, int channels, int hiddenRatio, int layers, long expected) {
    UpscalerConfig config =
        new UpscalerConfig(BaseUpscaler.BICUBIC, ratio, channels, hiddenRatio, layers);
    ComputationGraphConfiguration graph = UpscalerGraph.training(config, LOSS, ADAFACTOR);
    long parameters =
        graph.getVertices().values().stream().mapToLong(vertex -> vertex.numParams(true)).sum();
    assertThat(parameters).isEqualTo(expected).isEqualTo(config.parameterCount());
  }

  @Test
  void survivesJson() {
    ComputationGraphConfiguration graph =
        UpscalerGraph.training(
            GoldenUpscaler.X4_BICUBIC_H2.config(),
            new LossConfig(ReconstructionLoss.L1, 0.25),
            ADAFACTOR);
    ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(graph.toJson());
    assertThat(read).isEqualTo(graph);
    assertThat(read.toJson()).isEqualTo(graph.toJson());
    assertThat(parameters(read, 7)).isEqualTo(parameters(graph, 7));
  }

  @Test
  void initialisationFollowsTheSeedAlone() {
    ComputationGraphConfiguration graph =
        UpscalerGraph.training(GoldenUpscaler.X4_BICUBIC_H2.config(), LOSS, ADAFACTOR);
    assertThat(parameters(graph, 0)).isEqualTo(parameters(graph, 0));
    assertThat(parameters(graph, 1)).isNotEqualTo(parameters(graph, 0));
  }

  @Test
  void initialisationIsPyTorchsDefault() {
    UpscalerConfig config = new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 32, 2, 1);
    ComputationGraph network =
        UpscalerGraph.initialised(UpscalerGraph.training(config, LOSS, ADAFACTOR), 3);
    Map<String, INDArray> parameters = network.paramTable();
    INDArray v = parameters.get("encoder.0.conv1_v");
    double bound = 1 / Math.sqrt(32 * 9);
    assertThat(v.amaxNumber().doubleValue()).isBetween(0.999 * bound, bound);
    assertThat(v.meanNumber().doubleValue()).isCloseTo(0, Offset.offset(bound / 50));
    assertThat(v.stdNumber().doubleValue()).isCloseTo(bound / Math.sqrt(3), relative(0.02));
    assertThat(relativeError(parameters.get("encoder.0.conv1_g"), v.norm2(1, 2, 3)))
        .isLessThan(1e-6);
    assertThat(parameters.get("encoder.0.conv1_b").amaxNumber().doubleValue())
        .isBetween(0.9 * bound, bound);
    assertThat(parameters.get("input_v").amaxNumber().doubleValue())
        .isLessThanOrEqualTo(1 / Math.sqrt(3 * 25));
    assertThat(network.getUpdater().getStateViewArray().amaxNumber().doubleValue()).isZero();
  }

  @Test
  void decoderGainScalesTheDecodersGainsAndNothingElse() {
    ComputationGraphConfiguration graph =
        UpscalerGraph.training(GoldenUpscaler.X4_BICUBIC_H2.config(), LOSS, ADAFACTOR);
    ComputationGraph whole = UpscalerGraph.initialised(graph, 5);
    ComputationGraph scaled = UpscalerGraph.initialised(graph, 5, 0.1);
    scaled.getLayer("decoder.conv").getParam("g").divi(0.1);
    assertThat(relativeError(scaled.params(), whole.params())).isLessThan(1e-7);
    assertThatThrownBy(() -> UpscalerGraph.initialised(graph, 5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("decoder gain 0.0");
  }

  private static ComputationGraph network(GoldenUpscaler golden) {
    ComputationGraph network =
        UpscalerGraph.initialised(
            UpscalerGraph.training(golden.config(), golden.loss(), ADAFACTOR), 1);
    network.setParams(golden.parameters(network));
    return network;
  }

  /** The elements; {@code INDArray.equals} would allow for a difference of 1e-5. */
  private static float[] parameters(ComputationGraphConfiguration graph, long seed) {
    return UpscalerGraph.initialised(graph, seed).params().data().asFloat();
  }

  private static void computeGradient(ComputationGraph network, INDArray input, INDArray target) {
    network.setInputs(input);
    network.setLabels(target);
    network.computeGradientAndScore();
  }

  private static double relativeError(INDArray actual, INDArray expected) {
    return actual.sub(expected).norm2Number().doubleValue() / expected.norm2Number().doubleValue();
  }

  private static org.assertj.core.data.Percentage relative(double error) {
    return org.assertj.core.data.Percentage.withPercentage(100 * error);
  }
}
