package dev.fovea.model.engine.torch;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The gradients of a convolution by its input, its kernel and its bias.
 *
 * @param all what LibTorch answers, which has the tensors
 */
record ConvolutionGradients(T_TensorTensorTensor_T all) implements AutoCloseable {
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  private static final BoolPointer[] WANTED = {
    wanted(false, false), wanted(true, false), wanted(false, true), wanted(true, true)
  };

  private static BoolPointer wanted(boolean byInput, boolean byBias) {
    return Constants.of(new BoolPointer(3).put(0, byInput).put(1, true).put(2, byBias));
  }

  /**
   * Computes them.
   *
   * @param gradient by the convolution's result
   * @param byInput whether there is to be one by the input
   * @param byBias whether there is to be one by the bias
   */
  static ConvolutionGradients of(
      Tensor gradient,
      Tensor x,
      Tensor kernel,
      int stride,
      long[] padding,
      boolean byInput,
      boolean byBias) {
    return new ConvolutionGradients(
        torch.convolution_backward(
            gradient,
            x,
            kernel,
            new long[] {kernel.size(0)},
            new long[] {stride, stride},
            padding,
            ONE,
            false,
            NONE,
            1,
            WANTED[(byInput ? 1 : 0) + (byBias ? 2 : 0)]));
  }

  /** As long as this is open. */
  Tensor byInput() {
    return all.get0();
  }

  /** As long as this is open. */
  Tensor byKernel() {
    return all.get1();
  }

  /** As long as this is open. */
  Tensor byBias() {
    return all.get2();
  }

  /** Frees all of them at once. */
  @Override
  public void close() {
    all.deallocate();
  }
}
