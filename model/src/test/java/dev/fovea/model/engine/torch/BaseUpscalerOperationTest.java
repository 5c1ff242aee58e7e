package dev.fovea.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.model.config.BaseUpscaler;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaseUpscalerOperationTest {
  @BeforeAll
  static void load() {
    Natives.require();
  }

  @ParameterizedTest
  @CsvSource({
    "bicubic, 2, 9, 14", "bicubic, 4, 1, 3", "bicubic, 8, 2, 1",
    "bilinear, 2, 1, 1", "bilinear, 4, 7, 5", "bilinear, 8, 3, 12"
  })
  void isLibTorchsInterpolation(String kind, int ratio, int height, int width) {
    BaseUpscaler base = BaseUpscaler.of(kind);
    Within.scope(
        () -> {
          Tensor x = torch.rand(new long[] {2, 3, height, width});
          long[] size = {(long) ratio * height, (long) ratio * width};
          Tensor expected =
              base == BaseUpscaler.BICUBIC
                  ? torch.upsample_bicubic2d(x, size, false)
                  : torch.upsample_bilinear2d(x, size, false);
          Tensor actual =
              new BaseUpscalerOperation(base, ratio)
                  .apply(
                      new Operation.Call(
                          new Tensor[] {x},
                          new boolean[1],
                          LayerWeights.NONE,
                          Numbers.FP32,
                          false));
          assertThat(actual.is_contiguous()).isTrue();
          assertThat(actual.sub(expected).abs().max().item_float()).isLessThan(1e-6f);
          return null;
        });
  }
}
