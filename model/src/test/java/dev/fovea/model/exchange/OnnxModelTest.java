package dev.fovea.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.checkpoint.ElementType;
import dev.fovea.model.checkpoint.TrainedUpscaler;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.golden.GoldenUpscaler;
import dev.fovea.model.graph.UpscalerGraph;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class OnnxModelTest {
  @ParameterizedTest
  @EnumSource
  void onnxRuntimeComputesWhatPyTorchComputed(GoldenUpscaler golden) throws IOException {
    assertThat(difference(golden, ElementType.F32)).isLessThan(1e-5f);
  }

  @ParameterizedTest
  @EnumSource
  void halfPrecisionIsNearerThanALevelOfEightBits(GoldenUpscaler golden) throws IOException {
    assertThat(difference(golden, ElementType.F16)).isBetween(1e-7f, 1 / 255f);
  }

  /** One session, whatever the batch and the size of the pictures. */
  @ParameterizedTest
  @CsvSource({
    "BILINEAR, 2",
    "BICUBIC, 2",
    "BILINEAR, 4",
    "BICUBIC, 4",
    "BILINEAR, 8",
    "BICUBIC, 8"
  })
  void batchHeightAndWidthAreFree(BaseUpscaler base, int ratio) {
    UpscalerConfig config = new UpscalerConfig(base, ratio, 5, 2, 2);
    INDArray parameters = parameters(config);
    byte[] model = OnnxModel.of(config, parameters, ElementType.F32, Map.of());
    try (OnnxSession session = new OnnxSession(model, 1);
        Upscaler engine =
            Engines.named("nd4j").openUpscaler(config, parameters, EngineOptions.cpu(1))) {
      for (long[] shape : new long[][] {{1, 3, 1, 1}, {3, 3, 7, 12}, {2, 3, 1, 9}, {1, 3, 33, 5}}) {
        INDArray low = Nd4j.rand(DataType.FLOAT, shape);
        float[] expected = engine.upscale(low).data().asFloat();
        assertThat(session.upscale(low.data().asFloat(), shape))
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(expected);
      }
    }
  }

  @Test
  void halfPrecisionTakesHalfTheRoom() {
    UpscalerConfig config = new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 16, 2, 4);
    INDArray parameters = parameters(config);
    int single = OnnxModel.of(config, parameters, ElementType.F32, Map.of()).length;
    int half = OnnxModel.of(config, parameters, ElementType.F16, Map.of()).length;
    assertThat((double) half / single).isBetween(0.49, 0.54);
  }

  @Test
  void equalWeightsGiveEqualBytes() {
    UpscalerConfig config = new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 4, 1, 1);
    INDArray parameters = parameters(config);
    Map<String, String> metadata = Map.of("b", "2", "a", "1", "c", "3");
    assertThat(OnnxModel.of(config, parameters, ElementType.F32, metadata))
        .isEqualTo(OnnxModel.of(config, parameters, ElementType.F32, metadata));
  }

  @Test
  void whatOnnxCannotHoldIsRefused() throws IOException {
    UpscalerConfig config = GoldenUpscaler.X2_BICUBIC_H2.config();
    INDArray parameters = parameters(config);
    assertThatThrownBy(() -> OnnxModel.of(config, parameters, ElementType.BF16, Map.of()))
        .hasMessage("number format BF16 is not F32 or F16");
    UpscalerConfig huge = new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 1024, 4, 16);
    assertThatThrownBy(() -> OnnxModel.of(huge, parameters, ElementType.F32, Map.of()))
        .hasMessageContaining("are more than the 2 GiB of an ONNX file hold");
    ReferenceFile file = ReferenceFile.of(GoldenUpscaler.X2_BICUBIC_H2);
    file.tensors.get("input.bias").elements()[0] = 1e6f;
    INDArray large = file.imported(config).parameters();
    assertThatThrownBy(() -> OnnxModel.of(config, large, ElementType.F16, Map.of()))
        .hasMessageContaining("tensor 'input.bias' holds 1000000.0, fp16 ends at 65504");
  }

  private static float difference(GoldenUpscaler golden, ElementType type) throws IOException {
    TrainedUpscaler upscaler = ReferenceFile.of(golden).imported(golden.config());
    byte[] model = OnnxModel.of(golden.config(), upscaler.parameters(), type, Map.of());
    try (OnnxSession session = new OnnxSession(model, 1)) {
      float[] output = session.upscale(golden.input().data().asFloat(), golden.input().shape());
      float[] expected = golden.output().data().asFloat();
      assertThat(output).hasSameSizeAs(expected);
      float largest = 0;
      for (int i = 0; i < output.length; i++) {
        largest = Math.max(largest, Math.abs(output[i] - expected[i]));
      }
      return largest;
    }
  }

  private static INDArray parameters(UpscalerConfig config) {
    LossConfig loss = new LossConfig(ReconstructionLoss.MSE, 0);
    return UpscalerGraph.initialised(
            UpscalerGraph.training(config, loss, AdafactorConfig.of(1e-2, -0.8)), 1)
        .params();
  }
}
