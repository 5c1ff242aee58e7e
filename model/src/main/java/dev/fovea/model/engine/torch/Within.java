package dev.fovea.model.engine.torch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Runs work between the two ends of what holds for the thread meanwhile. */
@SuppressWarnings("try") // what is opened acts by being open
final class Within {
  private Within() {}

  /** Frees at the end every native object that the work made and nobody keeps. */
  static <T> T scope(Supplier<T> work) {
    try (PointerScope scope = new PointerScope()) {
      return work.get();
    }
  }

  /** Lets autograd record nothing. */
  static <T> T noGradient(Supplier<T> work) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return work.get();
    }
  }

  /** Frees at the end every native object that the work made, except for its results. */
  static Tensor[] scopeOf(Supplier<Tensor[]> work) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope inner = new PointerScope()) {
      Tensor[] results = work.get();
      for (Tensor result : results) {
        outer.attach(result);
      }
      return results;
    }
  }

  /** Lets autograd record, where it would not. */
  static <T> T gradient(Supplier<T> work) {
    try (AutoGradMode mode = new AutoGradMode(true)) {
      return work.get();
    }
  }

  /** Lets autograd record nothing. */
  static void noGradient(Runnable work) {
    try (NoGradGuard guard = new NoGradGuard()) {
      work.run();
    }
  }
}
