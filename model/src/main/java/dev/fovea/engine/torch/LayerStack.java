package dev.fovea.engine.torch;

import dev.fovea.optim.StateSlice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Layers with equal parameters at equal distances in the flat vectors, so that each of their
 * parameters can be seen, and computed on, as one tensor [N, shape] for all of them.
 *
 * <p>The N blocks of the upscaler make two such stacks, which is what keeps the number of
 * operations of the optimiser and of the weight norm independent of N.
 *
 * @param layers the layers' names, in the order of the flat vectors
 * @param parameters the first layer's parameters
 * @param distance elements from one layer to the next in the flat parameter vector
 * @param stateDistance elements from one layer to the next in the flat updater state
 */
record LayerStack(
    List<String> layers, List<Placement> parameters, long distance, long stateDistance) {
  LayerStack {
    layers = List.copyOf(layers);
    parameters = List.copyOf(parameters);
  }

  /** N, the number of layers. */
  int size() {
    return layers.size();
  }

  /** Where one of the parameters of all layers lies in the flat parameter vector. */
  Arena.Section section(Placement parameter) {
    return new Arena.Section(size(), parameter.shape(), parameter.offset(), distance);
  }

  /**
   * Where its averages of squared gradients lie in the flat updater state, in Adafactor's order.
   */
  List<Arena.Section> moments(Placement parameter) {
    List<StateSlice> slices = parameter.updater().layout();
    return slices.subList(1, slices.size()).stream()
        .map(
            slice ->
                new Arena.Section(
                    size(), slice.shape(), parameter.stateOffset() + slice.offset(), stateDistance))
        .toList();
  }

  /** Every layer of a layout, in as few stacks as its regularity allows. */
  static List<LayerStack> of(FlatLayout layout) {
    Map<String, List<Placement>> layers = new LinkedHashMap<>();
    for (Placement parameter : layout.placements()) {
      layers.computeIfAbsent(parameter.layer(), name -> new ArrayList<>()).add(parameter);
    }
    List<List<List<Placement>>> families = new ArrayList<>();
    for (List<Placement> layer : layers.values()) {
      families.stream()
          .filter(family -> alike(family.get(0), layer))
          .findFirst()
          .orElseGet(
              () -> {
                families.add(new ArrayList<>());
                return families.get(families.size() - 1);
              })
          .add(layer);
    }
    List<LayerStack> stacks = new ArrayList<>();
    for (List<List<Placement>> family : families) {
      if (evenlySpaced(family)) {
        stacks.add(stack(family));
      } else {
        family.forEach(layer -> stacks.add(stack(List.of(layer))));
      }
    }
    return List.copyOf(stacks);
  }

  private static LayerStack stack(List<List<Placement>> family) {
    boolean single = family.size() == 1;
    return new LayerStack(
        family.stream().map(layer -> layer.get(0).layer()).toList(),
        family.get(0),
        single ? 0 : distance(family, 1),
        single ? 0 : stateDistance(family, 1));
  }

  private static boolean alike(List<Placement> one, List<Placement> other) {
    if (one.size() != other.size()) {
      return false;
    }
    Placement first = one.get(0);
    Placement otherFirst = other.get(0);
    for (int i = 0; i < one.size(); i++) {
      Placement a = one.get(i);
      Placement b = other.get(i);
      if (!a.alike(b)
          || a.offset() - first.offset() != b.offset() - otherFirst.offset()
          || a.stateOffset() - first.stateOffset() != b.stateOffset() - otherFirst.stateOffset()) {
        return false;
      }
    }
    return true;
  }

  private static boolean evenlySpaced(List<List<Placement>> family) {
    for (int i = 2; i < family.size(); i++) {
      if (distance(family, i) != distance(family, 1)
          || stateDistance(family, i) != stateDistance(family, 1)) {
        return false;
      }
    }
    return true;
  }

  private static long distance(List<List<Placement>> family, int i) {
    return family.get(i).get(0).offset() - family.get(i - 1).get(0).offset();
  }

  private static long stateDistance(List<List<Placement>> family, int i) {
    return family.get(i).get(0).stateOffset() - family.get(i - 1).get(0).stateOffset();
  }
}
