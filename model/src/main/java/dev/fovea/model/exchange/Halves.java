package dev.fovea.model.exchange;

import dev.fovea.model.checkpoint.ElementType;

/** What half precision can hold. */
final class Halves {
  /** From here on a number rounds to infinity. */
  private static final float LIMIT = 65520;

  private Halves() {}

  /**
   * @throws IllegalArgumentException naming the tensor and the value that fp16 cannot hold
   */
  static void requireRange(String name, ElementType type, float[] values) {
    if (type != ElementType.F16) {
      return;
    }
    for (float value : values) {
      if (Math.abs(value) >= LIMIT) {
        throw new IllegalArgumentException(
            "tensor '%s' holds %s, fp16 ends at 65504".formatted(name, value));
      }
    }
  }
}
