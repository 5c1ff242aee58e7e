package dev.fovea.model.engine.torch;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.optim.Adafactor;
import dev.fovea.model.optim.ParameterUpdater;
import dev.fovea.model.optim.StateSlice;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where one parameter and its updater state lie in DL4J's flat vectors.
 *
 * @param layer the layer's name
 * @param type the layer's type in {@code dev.fovea.model.graph}
 * @param name the parameter's name in the layer, such as {@code v}
 * @param offset first element in the flat parameter vector
 * @param stateOffset first element in the flat updater state
 * @param updater made out for this parameter; knows its shape
 */
record Placement(
    String layer,
    Class<?> type,
    String name,
    long offset,
    long stateOffset,
    ParameterUpdater updater) {
  /** The parameter's shape in PyTorch. */
  List<Long> shape() {
    return Arrays.stream(updater.shape()).boxed().toList();
  }

  /** The optimiser's settings; empty for a running statistic, which no optimiser changes. */
  Optional<AdafactorConfig> settings() {
    return updater instanceof Adafactor adafactor
        ? Optional.of(adafactor.settings())
        : Optional.empty();
  }

  /** Where the count of steps lies in the flat updater state. */
  long stepOffset() {
    return stateOffset + updater.layout().get(0).offset();
  }

  /** Its averages of squared gradients, their offsets counted from {@code stateOffset}. */
  List<StateSlice> moments() {
    List<StateSlice> slices = updater.layout();
    return slices.isEmpty() ? slices : slices.subList(1, slices.size());
  }

  /** Whether the other one differs by nothing but its layer and its place. */
  boolean alike(Placement other) {
    return type == other.type
        && name.equals(other.name)
        && shape().equals(other.shape())
        && settings().equals(other.settings());
  }
}
