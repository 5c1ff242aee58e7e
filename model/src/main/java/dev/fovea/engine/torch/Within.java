package dev.fovea.engine.torch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

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

  /** Lets autograd record nothing. */
  static void noGradient(Runnable work) {
    try (NoGradGuard guard = new NoGradGuard()) {
      work.run();
    }
  }
}
