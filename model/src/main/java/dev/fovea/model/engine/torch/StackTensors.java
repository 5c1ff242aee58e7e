package dev.fovea.model.engine.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The parameters of a {@link LayerStack} as tensors [N, shape].
 *
 * @param type the layers' type in {@code dev.fovea.model.graph}
 * @param layers the layers' names, in the order of the first dimension
 * @param parameters each of the layers' parameters by its name, such as {@code v}
 */
record StackTensors(Class<?> type, List<String> layers, Map<String, Tensor> parameters) {

  /** The values in DL4J's flat vector, for reading. */
  static StackTensors of(LayerStack stack, Tensor flat) {
    Map<String, Tensor> views = new LinkedHashMap<>();
    for (Placement parameter : stack.parameters()) {
      views.put(parameter.name(), stack.section(parameter).of(flat));
    }
    return new StackTensors(stack.type(), stack.layers(), views);
  }

  /**
   * Leaves over the given tensors, whose gradients LibTorch's autograd adds to the given ones;
   * running statistics as they are.
   *
   * @param values one tensor for each of the stack's parameters
   * @param gradients of the same shapes
   */
  static StackTensors differentiable(
      LayerStack stack, List<Tensor> values, List<Tensor> gradients, Residents residents) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      Placement parameter = stack.parameters().get(i);
      Tensor leaf = residents.keep(values.get(i).detach());
      if (parameter.settings().isPresent()) {
        leaf.set_requires_grad(true);
        leaf.mutable_grad().put(gradients.get(i));
      }
      leaves.put(parameter.name(), leaf);
    }
    return new StackTensors(stack.type(), stack.layers(), leaves);
  }

  /** N, the number of layers. */
  int size() {
    return layers.size();
  }

  /** One parameter of all layers; null if they have none of that name. */
  Tensor parameter(String name) {
    return parameters.get(name);
  }
}
