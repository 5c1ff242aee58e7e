package dev.fovea.model.engine.torch;

import dev.fovea.model.graph.BatchNorm;
import dev.fovea.model.graph.Convolution;
import dev.fovea.model.graph.PooledLogit;
import dev.fovea.model.graph.WeightNormConvolution;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * The parameters of every layer as its operation takes them: kernels folded, convolutions in their
 * number format. As long as gradients are recorded, they lead back to the stacks they came from.
 */
final class LayerWeights {
  static final String KERNEL = "kernel";
  static final String WEIGHT = "weight";
  static final String BIAS = "bias";
  static final String RUNNING_MEAN = "mean";
  static final String RUNNING_VARIANCE = "variance";

  /** The parameters of a {@link WeightNormConvolution}. */
  private static final String DIRECTION = "v";

  private static final String GAIN = "g";
  private static final String SHORT_BIAS = "b";

  /** Of no layer. */
  static final LayerWeights NONE = new LayerWeights();

  private final Map<String, Map<String, Tensor>> layers = new HashMap<>();

  /**
   * Prepares the parameters, a whole stack at a time.
   *
   * @param stacks the parameters as tensors [N, shape]
   * @throws IllegalArgumentException naming a type of layer that is not known
   */
  static LayerWeights of(List<StackTensors> stacks, Numbers numbers) {
    LayerWeights weights = new LayerWeights();
    for (StackTensors stack : stacks) {
      if (stack.type() == BatchNorm.class || stack.type() == PooledLogit.class) {
        weights.putAsTheyAre(stack);
      } else {
        prepared(stack, numbers)
            .forEach(
                (name, whole) ->
                    weights.putEach(stack, name, whole.split(whole.size(0) / stack.size())));
      }
    }
    return weights;
  }

  /**
   * The arrays of a stack of convolutions as its operations take them, those of the layers behind
   * one another along the first dimension.
   *
   * @throws IllegalArgumentException naming the type of the layers if they are no convolutions
   */
  static Map<String, Tensor> prepared(StackTensors stack, Numbers numbers) {
    Map<String, Tensor> prepared = new LinkedHashMap<>();
    if (stack.type() == WeightNormConvolution.class) {
      prepared.put(KERNEL, kernels(folded(stack), numbers));
      prepared.put(BIAS, numbers.vector(stack.parameter(SHORT_BIAS)).reshape(-1));
    } else if (stack.type() == Convolution.class) {
      prepared.put(KERNEL, kernels(stack.parameter(WEIGHT), numbers));
      if (stack.parameter(BIAS) != null) {
        prepared.put(BIAS, numbers.vector(stack.parameter(BIAS)).reshape(-1));
      }
    } else {
      throw new IllegalArgumentException(
          "layers %s are %s, whose parameters the torch engine does not know"
              .formatted(stack.layers(), stack.type().getName()));
    }
    return prepared;
  }

  /** g v / ||v|| (Salimans and Kingma, 2016). */
  private static Tensor folded(StackTensors stack) {
    Tensor v = stack.parameter(DIRECTION);
    return v.mul(stack.parameter(GAIN).div(Tensors.norm(v, 2, 3, 4)));
  }

  /** One long list of kernels, because channels-last is defined for four dimensions alone. */
  private static Tensor kernels(Tensor kernels, Numbers numbers) {
    long[] shape = kernels.sizes().vec().get();
    return numbers.channelsLast(kernels.view(shape[0] * shape[1], shape[2], shape[3], shape[4]));
  }

  private void putEach(StackTensors stack, String name, TensorVector each) {
    for (int i = 0; i < stack.layers().size(); i++) {
      put(stack.layers().get(i), name, each.get(i));
    }
  }

  /** Running statistics as views that can be written to; trained parameters with one node. */
  private void putAsTheyAre(StackTensors stack) {
    stack
        .parameters()
        .forEach(
            (name, tensor) -> {
              if (tensor.requires_grad()) {
                putEach(stack, name, tensor.unbind(0));
              } else {
                for (int i = 0; i < stack.layers().size(); i++) {
                  put(stack.layers().get(i), name, tensor.select(0, i));
                }
              }
            });
  }

  private void put(String layer, String name, Tensor tensor) {
    layers.computeIfAbsent(layer, key -> new HashMap<>()).put(name, tensor);
  }

  /** One array of a layer; null if the layer has none of that name. */
  Tensor of(String layer, String name) {
    Map<String, Tensor> weights = layers.get(layer);
    if (weights == null) {
      throw new IllegalStateException("layer %s has no weights here".formatted(layer));
    }
    return weights.get(name);
  }

  /** Copies that outlive the scope they were prepared in. */
  LayerWeights kept(Residents residents) {
    LayerWeights result = new LayerWeights();
    layers.forEach(
        (layer, arrays) ->
            arrays.forEach(
                (name, tensor) -> result.put(layer, name, residents.keep(copy(tensor)))));
    return result;
  }

  private static Tensor copy(Tensor tensor) {
    return tensor.clone();
  }
}
