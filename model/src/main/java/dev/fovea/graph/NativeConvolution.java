package dev.fovea.graph;

import dev.fovea.host.HostCopy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Convolution with stride 1 and as many zeros around as keep the size, by ND4J's native operations,
 * which hand floats to oneDNN; DL4J's own layer goes through im2col instead.
 *
 * <p>Arrays: x NHWC [B, H, W, I], weights [O, I, k, k] and bias [O], result NHWC [B, H, W, O]; all
 * contiguous in 'c' order. NHWC because oneDNN's forward kernel takes it without reordering.
 */
final class NativeConvolution {
  private static final int SAME_SIZE = 1;
  private static final int NHWC = 1;
  private static final int WEIGHTS_OUT_IN_Y_X = 1;

  private NativeConvolution() {}

  /** Writes the convolution to {@code out}. */
  static void forward(INDArray x, INDArray weights, INDArray bias, INDArray out) {
    Nd4j.exec(
        operation("conv2d", weights)
            .addInputs(contiguous(x), weights, bias)
            .addOutputs(out)
            .build());
  }

  /** Writes the gradients of x, weights and bias given that of the result. */
  static void backward(
      INDArray x,
      INDArray weights,
      INDArray bias,
      INDArray gradient,
      INDArray xGradient,
      INDArray weightGradient,
      INDArray biasGradient) {
    Nd4j.exec(
        operation("conv2d_bp", weights)
            .addInputs(contiguous(x), weights, bias, contiguous(gradient))
            .addOutputs(xGradient, weightGradient, biasGradient)
            .build());
  }

  private static DynamicCustomOp.DynamicCustomOpsBuilder operation(String name, INDArray weights) {
    int kernel = (int) weights.size(2);
    // kernel, stride, padding (found by the operation), dilation, padding mode and layouts
    return DynamicCustomOp.builder(name)
        .addIntegerArguments(kernel, kernel, 1, 1, 0, 0, 1, 1, SAME_SIZE, NHWC, WEIGHTS_OUT_IN_Y_X);
  }

  private static INDArray contiguous(INDArray array) {
    return HostCopy.contiguous(array) ? array : array.dup('c');
  }
}
