package dev.fovea.model.engine.torch;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/**
 * Native objects that outlive the call which made them. Everything else lives in the call's {@code
 * PointerScope} and is freed at its end. Not thread-safe.
 */
final class Residents implements AutoCloseable {
  private final Deque<Pointer> kept = new ArrayDeque<>();

  /** Keeps an object that nobody else frees until {@link #close}, whatever scope it was made in. */
  <P extends Pointer> P keep(P object) {
    object.retainReference();
    kept.push(object);
    return object;
  }

  /** Keeps each of them. */
  Tensor[] keep(Tensor[] several) {
    for (Tensor tensor : several) {
      keep(tensor);
    }
    return several;
  }

  /** Keeps the memory of a tensor that somebody else may free; answers by another name for it. */
  Tensor share(Tensor tensor) {
    return keep(new Tensor(tensor));
  }

  /** Frees the objects at once, the last one first, whatever scope may still know of them. */
  @Override
  public void close() {
    while (!kept.isEmpty()) {
      kept.pop().deallocate();
    }
  }
}
