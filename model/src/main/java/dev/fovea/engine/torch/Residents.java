package dev.fovea.engine.torch;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.javacpp.Pointer;

/**
 * Native objects that outlive the call which made them. Everything else lives in the call's {@code
 * PointerScope} and is freed at its end. Not thread-safe.
 */
final class Residents implements AutoCloseable {
  private final Deque<Pointer> kept = new ArrayDeque<>();

  /** Keeps an object until {@link #close}, whatever scope it was made in. */
  <P extends Pointer> P keep(P object) {
    object.retainReference();
    kept.push(object);
    return object;
  }

  /** Frees the objects, the last one first. */
  @Override
  public void close() {
    while (!kept.isEmpty()) {
      kept.pop().releaseReference();
    }
  }
}
