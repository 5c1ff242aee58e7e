package dev.fovea.engine;

import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Finds the engines on the class path, which are declared as services. Safe for several threads.
 */
public final class Engines {
  private Engines() {}

  /** All engines on the class path, in its order. */
  public static List<Engine> available() {
    try {
      return ServiceLoader.load(Engine.class).stream().map(ServiceLoader.Provider::get).toList();
    } catch (ServiceConfigurationError e) {
      throw new IllegalStateException(
          "an engine on the class path is broken: " + e.getMessage(), e);
    }
  }

  /**
   * Finds an engine by its name.
   *
   * @throws IllegalArgumentException naming the value and the engines there are
   */
  public static Engine named(String name) {
    List<Engine> available = available();
    return available.stream()
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "engine '%s' is not on the class path, which has: %s"
                        .formatted(
                            name,
                            available.isEmpty()
                                ? "none"
                                : available.stream()
                                    .map(Engine::name)
                                    .collect(Collectors.joining(", ")))));
  }
}
