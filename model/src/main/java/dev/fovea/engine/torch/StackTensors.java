package dev.fovea.engine.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** The parameters of a {@link LayerStack} as views [N, shape] of a flat vector on the device. */
final class StackTensors {
  private final LayerStack stack;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  private StackTensors(LayerStack stack) {
    this.stack = stack;
  }

  /** Views for reading. */
  static StackTensors of(LayerStack stack, Tensor flat, Residents residents) {
    StackTensors result = new StackTensors(stack);
    for (Placement parameter : stack.parameters()) {
      result.parameters.put(parameter.name(), residents.keep(view(stack, parameter, flat)));
    }
    return result;
  }

  /**
   * Views whose gradients LibTorch's autograd adds to {@code gradient}, in which they lie as the
   * parameters in {@code flat}.
   */
  static StackTensors withGradients(
      LayerStack stack, Tensor flat, Tensor gradient, Residents residents) {
    StackTensors result = of(stack, flat, residents);
    for (Placement parameter : stack.parameters()) {
      Tensor leaf = result.parameters.get(parameter.name());
      leaf.set_requires_grad(true);
      leaf.mutable_grad().put(view(stack, parameter, gradient));
    }
    return result;
  }

  /** The layers' names in the order of the first dimension. */
  List<String> layers() {
    return stack.layers();
  }

  /** One parameter of all layers. */
  Tensor parameter(String name) {
    return parameters.get(name);
  }

  private static Tensor view(LayerStack stack, Placement parameter, Tensor flat) {
    return Tensors.stacked(
            flat, stack.size(), parameter.shape(), parameter.offset(), stack.distance())
        .detach();
  }
}
