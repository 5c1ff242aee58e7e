package dev.fovea.model.graph;

import dev.fovea.model.arrays.HostCopy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Convolution with zeros around that keep the size where the stride is 1, by ND4J's native
 * operations, which hand floats to oneDNN; DL4J's own layer goes through im2col instead.
 *
 * <p>Arrays: x NHWC [B, H, W, I], weights [O, I, k, k] with k odd, bias [O], result NHWC [B,
 * ceil(H/s), ceil(W/s), O] for stride s; all contiguous in 'c' order. NHWC because oneDNN's forward
 * kernel takes it without reordering.
 */
final class NativeConvolution {
  private static final int PADDING_AS_GIVEN = 0;
  private static final int NHWC = 1;
  private static final int WEIGHTS_OUT_IN_Y_X = 1;

  private NativeConvolution() {}

  /** The height or width of the result for that of x. */
  static long resultSize(long size, int stride) {
    return (size + stride - 1) / stride;
  }

  /** Writes the convolution with stride 1 to {@code out}. */
  static void forward(INDArray x, INDArray weights, INDArray bias, INDArray out) {
    forward(x, weights, bias, 1, out);
  }

  /**
   * Writes the convolution to {@code out}.
   *
   * @param bias null for none
   */
  static void forward(INDArray x, INDArray weights, INDArray bias, int stride, INDArray out) {
    INDArray input = contiguous(x);
    INDArray[] inputs =
        bias == null ? new INDArray[] {input, weights} : new INDArray[] {input, weights, bias};
    Nd4j.exec(operation("conv2d", weights, stride).addInputs(inputs).addOutputs(out).build());
  }

  /** Writes the gradients of x, weights and bias given that of the result, for stride 1. */
  static void backward(
      INDArray x,
      INDArray weights,
      INDArray bias,
      INDArray gradient,
      INDArray xGradient,
      INDArray weightGradient,
      INDArray biasGradient) {
    backward(x, weights, bias, 1, gradient, xGradient, weightGradient, biasGradient);
  }

  /**
   * Writes the gradients of x, weights and bias given that of the result.
   *
   * @param bias null for none, as is its gradient
   */
  static void backward(
      INDArray x,
      INDArray weights,
      INDArray bias,
      int stride,
      INDArray gradient,
      INDArray xGradient,
      INDArray weightGradient,
      INDArray biasGradient) {
    INDArray input = contiguous(x);
    INDArray given = contiguous(gradient);
    var operation = operation("conv2d_bp", weights, stride);
    if (bias == null) {
      operation.addInputs(input, weights, given).addOutputs(xGradient, weightGradient);
    } else {
      operation
          .addInputs(input, weights, bias, given)
          .addOutputs(xGradient, weightGradient, biasGradient);
    }
    Nd4j.exec(operation.build());
  }

  private static DynamicCustomOp.DynamicCustomOpsBuilder operation(
      String name, INDArray weights, int stride) {
    int kernel = (int) weights.size(2);
    int padding = kernel / 2;
    // kernel, stride, padding, dilation, padding mode and layouts
    return DynamicCustomOp.builder(name)
        .addIntegerArguments(
            kernel,
            kernel,
            stride,
            stride,
            padding,
            padding,
            1,
            1,
            PADDING_AS_GIVEN,
            NHWC,
            WEIGHTS_OUT_IN_Y_X);
  }

  private static INDArray contiguous(INDArray array) {
    return HostCopy.contiguous(array) ? array : array.dup('c');
  }
}
