package dev.fovea.model.engine.torch;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A convolution in a recorded pass.
 *
 * @param result the convolution, with its bias
 * @param wayBack from the gradient by the result to that by the input, null unless asked for;
 *     leaves those by kernel and bias with the weights
 */
record ConvolutionPass(Tensor result, UnaryOperator<Tensor> wayBack) {
  private static final long[] ONE = {1, 1};

  /** All but the channels. */
  private static final long[] PIXELS = {0, 2, 3};

  private static final TensorOptional NO_BIAS = Constants.of(new TensorOptional());
  private static final ScalarTypeOptional TYPE_OF_SUMS =
      Constants.of(new ScalarTypeOptional(Numbers.TYPE_OF_PICTURES));

  /**
   * The convolution as LibTorch has it.
   *
   * @param layer whose weights are used
   * @param stride along height and width
   * @param asked whether the gradient by x is wanted
   * @param saved what the way back reads
   */
  static ConvolutionPass of(
      Tensor x, String layer, int stride, RecordedWeights weights, boolean asked, Residents saved) {
    Tensor kernel = weights.of(layer, LayerWeights.KERNEL);
    Tensor bias = weights.of(layer, LayerWeights.BIAS);
    long half = kernel.size(2) / 2;
    long[] padding = {half, half};
    Tensor input = saved.share(x);
    boolean ownBias = bias != null && !slowBias(x);
    return new ConvolutionPass(
        convolved(x, kernel, bias, stride, padding),
        gradient -> {
          try (ConvolutionGradients all =
              ConvolutionGradients.of(gradient, input, kernel, stride, padding, asked, ownBias)) {
            weights.learn(layer, LayerWeights.KERNEL, all.byKernel());
            if (ownBias) {
              weights.learn(layer, LayerWeights.BIAS, all.byBias());
            } else if (bias != null) {
              learnBias(layer, weights, gradient);
            }
            return asked ? new Tensor(all.byInput()) : null;
          }
        });
  }

  /**
   * Whether a convolution's own gradient by its bias takes longer than a sum: oneDNN's in fp32 is
   * scalar code, 20 times as slow.
   */
  static boolean slowBias(Tensor x) {
    return Tensors.fp32OnCpu(x);
  }

  /** Leaves the gradient by a bias, given that by what it was added to. */
  static void learnBias(String layer, RecordedWeights weights, Tensor gradient) {
    weights.learn(layer, LayerWeights.BIAS, gradient.sum(PIXELS, false, TYPE_OF_SUMS));
  }

  /**
   * A convolution.
   *
   * @param bias may be null
   * @param stride along height and width
   * @param padding with zeros, above and below, left and right
   */
  static Tensor convolved(Tensor x, Tensor kernel, Tensor bias, int stride, long[] padding) {
    return torch.conv2d(
        x,
        kernel,
        bias == null ? NO_BIAS : new TensorOptional(bias),
        new long[] {stride, stride},
        padding,
        ONE,
        1);
  }
}
