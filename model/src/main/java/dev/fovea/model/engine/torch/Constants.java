package dev.fovea.model.engine.torch;

import org.bytedeco.javacpp.Pointer;

/** Native objects that are made once and for good, whatever scope that happens in. */
final class Constants {
  private Constants() {}

  /** Takes an object out of every scope; nobody frees it. */
  static <P extends Pointer> P of(P object) {
    return object.retainReference();
  }
}
