package dev.fovea.model.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** A 3x3 convolution in a recorded pass, by {@link Winograd}: on the CPU, in fp32. */
final class WinogradPass {
  /**
   * Channels from which on it takes less time: the more, the more products are saved for each of
   * the sums that it takes.
   */
  private static final long MANY_CHANNELS = 48;

  private static final int HEIGHT = 2;

  /** A row of zeros belongs to {@link Winograd#input} itself. */
  private static final long[] PADDING = {0, 1};

  private WinogradPass() {}

  /** Whether it computes a convolution of stride 1, and in less time. */
  static boolean pays(Tensor x, Tensor kernel) {
    return Tensors.fp32OnCpu(x)
        && kernel.size(HEIGHT) == 3
        && x.size(HEIGHT) % Winograd.ROWS == 0
        && kernel.size(0) >= MANY_CHANNELS
        && kernel.size(1) >= MANY_CHANNELS;
  }

  /**
   * The convolution.
   *
   * @param layer whose weights are used
   * @param asked whether the gradient by x is wanted
   * @param saved what the way back reads
   */
  static ConvolutionPass of(
      Tensor x, String layer, RecordedWeights weights, boolean asked, Residents saved) {
    Tensor bias = weights.of(layer, LayerWeights.BIAS);
    Tensor[] kernels = weights.winograd(layer);
    Tensor[] inputs = saved.keep(Winograd.input(x));
    Tensor[] products = new Tensor[inputs.length];
    for (int i = 0; i < products.length; i++) {
      Tensor added = i == Winograd.BIAS_POSITION ? bias : null;
      products[i] = ConvolutionPass.convolved(inputs[i], kernels[i], added, 1, PADDING);
    }
    Tensor result = Winograd.output(products);
    free(products);
    return new ConvolutionPass(
        result,
        gradient -> {
          Tensor[] byProducts = Winograd.outputGradient(gradient);
          if (bias != null) {
            ConvolutionPass.learnBias(layer, weights, byProducts[Winograd.BIAS_POSITION]);
          }
          ConvolutionGradients[] all = new ConvolutionGradients[inputs.length];
          Tensor[] byInputs = new Tensor[inputs.length];
          for (int i = 0; i < all.length; i++) {
            all[i] =
                ConvolutionGradients.of(
                    byProducts[i], inputs[i], kernels[i], 1, PADDING, asked, false);
            weights.learnWinograd(layer, i, all[i].byKernel());
            byInputs[i] = all[i].byInput();
            byProducts[i].deallocate();
            inputs[i].deallocate();
          }
          Tensor byInput = asked ? Winograd.inputGradient(byInputs) : null;
          for (ConvolutionGradients gradients : all) {
            gradients.close();
          }
          return byInput;
        });
  }

  private static void free(Tensor[] tensors) {
    for (Tensor tensor : tensors) {
      tensor.deallocate();
    }
  }
}
