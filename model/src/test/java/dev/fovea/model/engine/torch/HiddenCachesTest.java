package dev.fovea.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What goes wrong where oneDNN takes a cache for one byte; elsewhere it never did. */
class HiddenCachesTest {
  private static final long[] ONE = {1, 1};

  @Test
  void aConvolutionOfFewPixelsEnds() {
    // Fatal to the JVM otherwise.
    assertThat(gradientOfInput(1024, 256, 2, ScalarType.Float, 1)).doesNotContain(Float.NaN);
  }

  @Test
  void oddChannelsHaveTheRightGradientInBf16() {
    for (int kernel : new int[] {1, 3}) {
      float[] exact = gradientOfInput(12, 3, 4, ScalarType.Float, kernel);
      float[] rough = gradientOfInput(12, 3, 4, ScalarType.BFloat16, kernel);
      assertThat(distance(rough, exact)).isLessThan(0.02);
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void oneDnnHasItsDescriptionOfTheProcessorWhereItIsLookedFor() throws IOException {
    Natives.require();
    LoadedLibrary library = LoadedLibrary.named("libtorch_cpu.so").orElseThrow();
    assertThat(library.address("_ZZN4dnnl4impl3cpu3x643cpuEvE4cpu_")).isPresent();
    assertThat(library.address("_ZN4dnnl4impl3cpu3x64nothing")).isEmpty();
    assertThat(LoadedLibrary.named("libnothing.so")).isEmpty();
  }

  private static double distance(float[] actual, float[] expected) {
    double squares = 0;
    double all = 0;
    for (int i = 0; i < actual.length; i++) {
      squares += Math.pow((double) actual[i] - expected[i], 2);
      all += Math.pow(expected[i], 2);
    }
    return Math.sqrt(squares / all);
  }

  /** Of the sum of squares of a convolution's output. */
  private static float[] gradientOfInput(
      int in, int out, int size, ScalarType type, int kernelSize) {
    Natives.require();
    return Within.scope(
        () -> {
          Tensor x = ramp(type, 4, in, size, size);
          Tensor kernel = ramp(type, out, in, kernelSize, kernelSize);
          x.set_requires_grad(true);
          long[] padding = {kernelSize / 2, kernelSize / 2};
          torch
              .conv2d(x, kernel, new TensorOptional(), ONE, padding, ONE, 1)
              .square()
              .sum()
              .backward();
          Tensor gradient = x.grad().to(ScalarType.Float).contiguous();
          float[] values = new float[(int) gradient.numel()];
          gradient.data_ptr_float().get(values);
          return values;
        });
  }

  /** Channels-last, between -1 and 1. */
  private static Tensor ramp(ScalarType type, long... shape) {
    Tensor flat =
        torch.arange(
            new Scalar((double) (shape[0] * shape[1] * shape[2] * shape[3])),
            new TensorOptions(ScalarType.Float));
    return flat.mul(new Scalar(0.7))
        .sin()
        .view(shape)
        .to(type, false, false, new MemoryFormatOptional(MemoryFormat.ChannelsLast))
        .detach();
  }
}
