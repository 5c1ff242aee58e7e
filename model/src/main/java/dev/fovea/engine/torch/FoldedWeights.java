package dev.fovea.engine.torch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * The kernels and biases of every weight-normalised convolution, ready to convolve with. As long as
 * gradients are recorded, they lead back to the stacks they were folded from.
 */
final class FoldedWeights {
  /** The parameters of one layer; see {@code dev.fovea.graph.WeightNormConvolution}. */
  private static final String DIRECTION = "v";

  private static final String GAIN = "g";
  private static final String BIAS = "b";

  private final Map<String, Tensor> kernels = new HashMap<>();
  private final Map<String, Tensor> biases = new HashMap<>();

  /**
   * Folds g v / ||v|| (Salimans and Kingma, 2016), a whole stack at a time.
   *
   * @param stacks the parameters as tensors [N, shape]
   */
  static FoldedWeights of(List<StackTensors> stacks, Numbers numbers) {
    FoldedWeights weights = new FoldedWeights();
    for (StackTensors stack : stacks) {
      Tensor v = stack.parameter(DIRECTION);
      Tensor norm = Tensors.norm(v, 2, 3, 4);
      Tensor kernels = v.mul(stack.parameter(GAIN).div(norm));
      long[] shape = kernels.sizes().vec().get();
      // One long list of kernels, because channels-last is defined for four dimensions alone.
      Tensor list = kernels.view(shape[0] * shape[1], shape[2], shape[3], shape[4]);
      TensorVector each = numbers.channelsLast(list).split(shape[1]);
      TensorVector eachBias = numbers.vector(stack.parameter(BIAS)).unbind(0);
      for (int i = 0; i < stack.layers().size(); i++) {
        weights.kernels.put(stack.layers().get(i), each.get(i));
        weights.biases.put(stack.layers().get(i), eachBias.get(i));
      }
    }
    return weights;
  }

  /** The kernel of a layer, [O, I, k, k]. */
  Tensor kernel(String layer) {
    return kernels.get(layer);
  }

  /** The bias of a layer, [O]. */
  Tensor bias(String layer) {
    return biases.get(layer);
  }

  /** Copies that outlive the scope they were folded in. */
  FoldedWeights kept(Residents residents) {
    FoldedWeights result = new FoldedWeights();
    kernels.forEach((layer, kernel) -> result.kernels.put(layer, residents.keep(copy(kernel))));
    biases.forEach((layer, bias) -> result.biases.put(layer, residents.keep(copy(bias))));
    return result;
  }

  private static Tensor copy(Tensor tensor) {
    return tensor.clone();
  }
}
