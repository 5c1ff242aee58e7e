package dev.fovea.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.CriticSize;
import dev.fovea.model.graph.CriticLayer.Parameter;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CriticGraphTest {
  private static final AdafactorConfig ADAFACTOR = AdafactorConfig.of(1e-2, -0.8);
  private static final CriticConfig TINY = new CriticConfig(3, List.of(1, 2));

  @ParameterizedTest
  @CsvSource({
    "SMALL, 23483521, 3, 4, 6, 3",
    "MEDIUM, 42453889, 3, 4, 23, 3",
    "LARGE, 58078337, 3, 8, 36, 3"
  })
  void everySizeHasTheReferencesParameters(
      CriticSize size, long parameters, int a, int b, int c, int d) {
    CriticConfig config = size.config();
    assertThat(config).isEqualTo(new CriticConfig(64, List.of(a, b, c, d)));
    assertThat(config.parameterCount()).isEqualTo(parameters);
    ComputationGraphConfiguration graph = CriticGraph.training(config, ADAFACTOR);
    assertThat(count(graph, Parameter.Kind.TRAINED)).isEqualTo(parameters);
    assertThat(count(graph, Parameter.Kind.STATISTIC)).isEqualTo(config.statisticsCount());
    assertThat(CriticSize.of(size.id())).isEqualTo(size);
  }

  @Test
  void theSmallCriticShrinksPicturesStageByStage() {
    ComputationGraphConfiguration graph =
        CriticGraph.training(CriticSize.SMALL.config(), ADAFACTOR);
    var types = graph.getLayerActivationTypes(false, InputType.convolutional(256, 256, 3));
    assertThat(types.get("stem.norm")).isEqualTo(nhwc(128, 64));
    assertThat(types.get("stem.pool")).isEqualTo(nhwc(64, 64));
    assertThat(types.get("stage0.2")).isEqualTo(nhwc(64, 256));
    assertThat(types.get("stage1.3")).isEqualTo(nhwc(32, 512));
    assertThat(types.get("stage2.5")).isEqualTo(nhwc(16, 1024));
    assertThat(types.get("stage3.2")).isEqualTo(nhwc(8, 2048));
    assertThat(types.get("logit")).isEqualTo(InputType.feedForward(1));
  }

  @Test
  void initialValuesArePyTorchsDefaults() {
    ComputationGraph network = CriticGraph.initialised(CriticGraph.training(TINY, ADAFACTOR), 5);
    assertThat(network.getParam("stem.norm_weight").minNumber().doubleValue()).isEqualTo(1);
    assertThat(network.getParam("stem.norm_bias").amaxNumber().doubleValue()).isZero();
    assertThat(network.getParam("stem.norm_mean").amaxNumber().doubleValue()).isZero();
    assertThat(network.getParam("stem.norm_variance").minNumber().doubleValue()).isEqualTo(1);
    double bound = 1 / Math.sqrt(6.0 * 9);
    for (String name : List.of("stage1.0.conv2_weight", "stage1.0.conv2_bias")) {
      INDArray values = network.getParam(name);
      assertThat(values.amaxNumber().doubleValue()).as(name).isBetween(bound / 2, bound);
      assertThat(values.minNumber().doubleValue()).as(name).isNegative();
    }
    INDArray weight = network.getParam("stage1.0.conv2_weight");
    assertThat(weight.stdNumber().doubleValue()).isBetween(0.5 * bound, 0.65 * bound);
    assertThat(network.getParam("logit_weight").amaxNumber().doubleValue())
        .isBetween(0.1, 1 / Math.sqrt(24));
  }

  @Test
  void equalSeedsGiveEqualParameters() {
    ComputationGraphConfiguration graph = CriticGraph.training(TINY, ADAFACTOR);
    float[] one = CriticGraph.initialised(graph, 7).params().data().asFloat();
    assertThat(CriticGraph.initialised(graph, 7).params().data().asFloat()).isEqualTo(one);
    assertThat(CriticGraph.initialised(graph, 8).params().data().asFloat()).isNotEqualTo(one);
  }

  @Test
  void theGraphSurvivesJson() {
    ComputationGraphConfiguration graph = CriticGraph.training(TINY, ADAFACTOR);
    ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(graph.toJson());
    assertThat(read).isEqualTo(graph);
    INDArray pictures = Nd4j.rand(DataType.FLOAT, 2, 3, 17, 16);
    assertThat(CriticGraph.initialised(read, 1).outputSingle(pictures))
        .isEqualTo(CriticGraph.initialised(graph, 1).outputSingle(pictures));
  }

  @Test
  void aSinglePixelCannotBeNormalised() {
    ComputationGraph network = CriticGraph.initialised(CriticGraph.training(TINY, ADAFACTOR), 1);
    assertThatThrownBy(
            () ->
                network.feedForward(
                    new INDArray[] {Nd4j.rand(DataType.FLOAT, 1, 3, 2, 2)}, true, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stem.norm")
        .hasMessageContaining("2 pixels or more");
  }

  @Test
  void impossibleCriticsAreRefused() {
    assertThatThrownBy(() -> new CriticConfig(0, List.of(1))).hasMessageContaining("channels 0");
    assertThatThrownBy(() -> new CriticConfig(1, List.of())).hasMessageContaining("0 stages");
    assertThatThrownBy(() -> new CriticConfig(1, List.of(1, 0))).hasMessageContaining("[1, 0]");
    assertThatThrownBy(() -> CriticSize.of("tiny"))
        .hasMessageContaining("'tiny' is not one of small, medium, large");
  }

  private static long count(ComputationGraphConfiguration graph, Parameter.Kind kind) {
    return graph.getVertices().values().stream()
        .filter(LayerVertex.class::isInstance)
        .map(vertex -> (CriticLayer) ((LayerVertex) vertex).getLayerConf().getLayer())
        .flatMap(layer -> layer.parameters().stream())
        .filter(parameter -> parameter.kind() == kind)
        .mapToLong(Parameter::length)
        .sum();
  }

  private static InputType nhwc(long size, long channels) {
    return InputType.convolutional(
        size, size, channels, org.deeplearning4j.nn.conf.CNN2DFormat.NHWC);
  }
}
