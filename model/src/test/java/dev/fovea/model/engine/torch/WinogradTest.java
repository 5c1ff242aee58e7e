package dev.fovea.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Winograd's way against the plain convolution and autograd, in double precision. */
class WinogradTest {
  private static final long[] ONE = {1, 1};

  @BeforeAll
  static void load() {
    Natives.require();
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 2, 4, 5", "2, 5, 7, 8, 1", "3, 2, 4, 12, 6"})
  void valuesAndEveryGradientAreThoseOfTheConvolution(
      int batch, int in, int out, int height, int width) {
    Within.scope(
        () -> {
          Tensor x = random(batch, in, height, width);
          Tensor kernel = random(out, in, 3, 3);
          Tensor gradient = random(batch, out, height, width);
          x.set_requires_grad(true);
          kernel.set_requires_grad(true);
          Tensor expected = torch.conv2d(x, kernel, new TensorOptional(), ONE, ONE, ONE, 1);
          Tensors.backward(expected, gradient);

          Within.noGradient(
              () -> {
                Tensor[] inputs = Winograd.input(x.detach());
                Tensor[] kernels = Winograd.kernel(kernel.detach());
                Tensor[] products = new Tensor[Winograd.POSITIONS];
                for (int i = 0; i < products.length; i++) {
                  products[i] = rows(inputs[i], kernels[i]);
                }
                assertEqual(Winograd.output(products), expected);

                Tensor[] byProducts = Winograd.outputGradient(gradient);
                Tensor[] byInputs = new Tensor[Winograd.POSITIONS];
                Tensor[] byKernels = new Tensor[Winograd.POSITIONS];
                for (int i = 0; i < products.length; i++) {
                  Tensor v = inputs[i].detach();
                  Tensor u = kernels[i].detach();
                  v.set_requires_grad(true);
                  u.set_requires_grad(true);
                  Tensors.backward(Within.gradient(() -> rows(v, u)), byProducts[i]);
                  byInputs[i] = v.grad();
                  byKernels[i] = u.grad();
                }
                assertEqual(Winograd.inputGradient(byInputs), x.grad());
                Tensor byKernel = torch.zeros_like(kernel);
                Winograd.kernelGradient(byKernels, byKernel);
                assertEqual(byKernel, kernel.grad());
                assertEqual(
                    byProducts[Winograd.BIAS_POSITION].sum(new long[] {0, 2, 3}),
                    gradient.sum(new long[] {0, 2, 3}));
              });
          return null;
        });
  }

  private static Tensor rows(Tensor x, Tensor kernel) {
    return torch.conv2d(x, kernel, new TensorOptional(), ONE, new long[] {0, 1}, ONE, 1);
  }

  private static void assertEqual(Tensor actual, Tensor expected) {
    double distance = actual.sub(expected).norm().item_double();
    assertThat(distance / expected.norm().item_double()).isLessThan(1e-14);
  }

  private static Tensor random(long... shape) {
    return torch
        .randn(shape, new TensorOptions(ScalarType.Double))
        .to(ScalarType.Double, false, false, new MemoryFormatOptional(MemoryFormat.ChannelsLast));
  }
}
