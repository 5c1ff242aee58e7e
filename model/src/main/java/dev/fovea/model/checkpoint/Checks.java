package dev.fovea.model.checkpoint;

/** Checks of the records' components. */
final class Checks {
  private Checks() {}

  static void present(String name, Object value) {
    if (value == null) {
      throw new NullPointerException(name + " is missing");
    }
  }

  static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("%s %d is below 0".formatted(name, value));
    }
  }
}
