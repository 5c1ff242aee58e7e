package dev.fovea.engine.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/**
 * What a pass keeps on its way forward for its way back: native objects that outlive the scope they
 * were made in, until they were read or the pass is given up. Not thread-safe.
 */
final class Saved implements AutoCloseable {
  private final List<Pointer> objects = new ArrayList<>();

  /** Keeps an object that nobody else frees. */
  <P extends Pointer> P own(P object) {
    object.retainReference();
    objects.add(object);
    return object;
  }

  /** Keeps each of them. */
  Tensor[] own(Tensor[] several) {
    for (Tensor tensor : several) {
      own(tensor);
    }
    return several;
  }

  /** Keeps the memory of a tensor that somebody else may free; answers by another name for it. */
  Tensor share(Tensor tensor) {
    return own(new Tensor(tensor));
  }

  /** Lets go of the objects at once, whatever scope may still know of them. */
  @Override
  public void close() {
    objects.forEach(Pointer::deallocate);
    objects.clear();
  }
}
