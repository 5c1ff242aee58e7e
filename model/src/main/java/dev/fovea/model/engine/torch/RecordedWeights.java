package dev.fovea.model.engine.torch;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The weights of a recorded pass, and the gradient by them.
 *
 * <p>The kernels of a whole stack are prepared at once, recorded by autograd; the pass reads them
 * layer by layer and leaves a gradient for each, and {@link #back} leads those of a stack to its
 * parameters at once. Not thread-safe.
 */
final class RecordedWeights implements AutoCloseable {
  private final Residents saved = new Residents();
  private final Map<String, Place> places = new HashMap<>();
  private final List<Stack> stacks;

  /** A layer, as one of a stack. */
  private record Place(Stack stack, int index) {}

  /**
   * Prepares the weights; autograd has to record.
   *
   * @param stacks the parameters as tensors [N, shape]
   */
  RecordedWeights(List<StackTensors> stacks, Numbers numbers) {
    this.stacks = stacks.stream().map(stack -> new Stack(stack, numbers)).toList();
    for (Stack stack : this.stacks) {
      for (int i = 0; i < stack.layers.size(); i++) {
        places.put(stack.layers.get(i), new Place(stack, i));
      }
    }
  }

  /** One array of a layer, as long as this is open; null if the layer has none of that name. */
  Tensor of(String layer, String name) {
    Place place = places.get(layer);
    Learnt learnt = place.stack().arrays.get(name);
    return learnt == null ? null : learnt.values().get(place.index());
  }

  /** Leaves the gradient by an array of a layer, which has to be left exactly once. */
  void learn(String layer, String name, Tensor gradient) {
    Place place = places.get(layer);
    place.stack().arrays.get(name).gradients().get(place.index()).copy_(gradient);
  }

  /** A layer's kernel for each of {@link Winograd}'s positions; then every layer of its stack. */
  Tensor[] winograd(String layer) {
    Place place = places.get(layer);
    return Arrays.stream(place.stack().positions())
        .map(position -> position.values().get(place.index()))
        .toArray(Tensor[]::new);
  }

  /** Leaves the gradient by a layer's kernel for one of the positions. */
  void learnWinograd(String layer, int position, Tensor gradient) {
    Place place = places.get(layer);
    place.stack().positions()[position].gradients().get(place.index()).copy_(gradient);
  }

  /** Adds what was learnt to the gradient by the parameters; once. */
  void back() {
    stacks.forEach(Stack::back);
  }

  @Override
  public void close() {
    saved.close();
  }

  /**
   * An array of all layers of a stack, behind one another, and the gradient by it; of both the
   * whole, and views of each layer's.
   */
  private record Learnt(
      Tensor whole, TensorVector values, Tensor wholeGradient, TensorVector gradients) {}

  private final class Stack {
    private final List<String> layers;
    private final Map<String, Tensor> prepared;
    private final Map<String, Learnt> arrays = new LinkedHashMap<>();
    private Learnt[] positions;

    Stack(StackTensors stack, Numbers numbers) {
      layers = stack.layers();
      prepared = LayerWeights.prepared(stack, numbers);
      prepared.forEach((name, array) -> arrays.put(name, learnt(saved.keep(array).detach())));
    }

    Learnt[] positions() {
      if (positions == null) {
        positions =
            Arrays.stream(Winograd.kernel(arrays.get(LayerWeights.KERNEL).whole()))
                .map(this::learnt)
                .toArray(Learnt[]::new);
      }
      return positions;
    }

    void back() {
      if (positions != null) {
        Winograd.kernelGradient(
            Arrays.stream(positions).map(Learnt::wholeGradient).toArray(Tensor[]::new),
            arrays.get(LayerWeights.KERNEL).wholeGradient());
      }
      arrays.forEach(
          (name, learnt) -> Tensors.backward(prepared.get(name), learnt.wholeGradient()));
    }

    private Learnt learnt(Tensor whole) {
      Tensor gradient = saved.keep(torch.empty_like(whole));
      return new Learnt(saved.keep(whole), each(whole), gradient, each(gradient));
    }

    private TensorVector each(Tensor whole) {
      return saved.keep(whole.split(whole.size(0) / layers.size()));
    }
  }
}
