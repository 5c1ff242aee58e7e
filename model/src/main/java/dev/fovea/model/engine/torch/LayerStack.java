package dev.fovea.model.engine.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Layers with equal parameters, so that each of their parameters can be gathered into one tensor
 * [N, shape] for all of them, and computed on at once.
 *
 * <p>The N blocks of the upscaler make two such stacks, which is what keeps the number of
 * operations of the optimiser and of the weight norm independent of N; and all 16 blocks of a small
 * critic make a third of the stacks that their layers would.
 *
 * @param layers the layers' names, in the order of the flat vectors
 * @param parameters the first layer's parameters
 * @param distances for each layer, elements from the first layer to it in the flat parameter vector
 * @param stateDistances for each layer, elements from the first layer to it in the flat updater
 *     state
 */
record LayerStack(
    List<String> layers,
    List<Placement> parameters,
    List<Long> distances,
    List<Long> stateDistances) {
  LayerStack {
    layers = List.copyOf(layers);
    parameters = List.copyOf(parameters);
    distances = List.copyOf(distances);
    stateDistances = List.copyOf(stateDistances);
  }

  /** N, the number of layers. */
  int size() {
    return layers.size();
  }

  /** The layers' type. */
  Class<?> type() {
    return parameters.get(0).type();
  }

  /** Where one of the parameters of all layers lies in the flat parameter vector. */
  Arena.Section section(Placement parameter) {
    return new Arena.Section(parameter.shape(), from(parameter.offset(), distances));
  }

  /**
   * Where its averages of squared gradients lie in the flat updater state, in Adafactor's order.
   */
  List<Arena.Section> moments(Placement parameter) {
    return parameter.moments().stream()
        .map(
            slice ->
                new Arena.Section(
                    slice.shape(), from(parameter.stateOffset() + slice.offset(), stateDistances)))
        .toList();
  }

  private static List<Long> from(long first, List<Long> distances) {
    return distances.stream().map(distance -> first + distance).toList();
  }

  /** Every layer of a layout, in as few stacks as there are different ones. */
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
    return families.stream().map(LayerStack::stack).toList();
  }

  private static LayerStack stack(List<List<Placement>> family) {
    Placement first = family.get(0).get(0);
    return new LayerStack(
        family.stream().map(layer -> layer.get(0).layer()).toList(),
        family.get(0),
        family.stream().map(layer -> layer.get(0).offset() - first.offset()).toList(),
        family.stream().map(layer -> layer.get(0).stateOffset() - first.stateOffset()).toList());
  }

  private static boolean alike(List<Placement> one, List<Placement> other) {
    return one.size() == other.size()
        && IntStream.range(0, one.size())
            .allMatch(
                i ->
                    one.get(i).alike(other.get(i))
                        && distance(one, i) == distance(other, i)
                        && stateDistance(one, i) == stateDistance(other, i));
  }

  private static long distance(List<Placement> layer, int i) {
    return layer.get(i).offset() - layer.get(0).offset();
  }

  private static long stateDistance(List<Placement> layer, int i) {
    return layer.get(i).stateOffset() - layer.get(0).stateOffset();
  }
}
