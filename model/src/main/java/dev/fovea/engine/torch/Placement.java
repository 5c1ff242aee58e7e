package dev.fovea.engine.torch;

import dev.fovea.optim.Adafactor;
import java.util.Arrays;
import java.util.List;

/**
 * Where one parameter and its updater state lie in DL4J's flat vectors.
 *
 * @param layer the layer's name
 * @param name the parameter's name in the layer, such as {@code v}
 * @param offset first element in the flat parameter vector
 * @param stateOffset first element in the flat updater state
 * @param updater Adafactor made out for this parameter; knows its shape
 */
record Placement(String layer, String name, long offset, long stateOffset, Adafactor updater) {
  /** The parameter's shape in PyTorch. */
  List<Long> shape() {
    return Arrays.stream(updater.shape()).boxed().toList();
  }

  /** Where the count of steps lies in the flat updater state. */
  long stepOffset() {
    return stateOffset + updater.layout().get(0).offset();
  }

  /** Whether the other one differs by nothing but its layer and its place. */
  boolean alike(Placement other) {
    return name.equals(other.name)
        && shape().equals(other.shape())
        && updater.settings().equals(other.updater.settings());
  }
}
