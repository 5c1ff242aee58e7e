package dev.fovea.model.engine;

import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Finds the engines on the class path, which are declared as services. Safe for several threads.
 */
public final class Engines {
  /** Names whichever engine is the fastest of those that can run here. */
  public static final String AUTO = "auto";

  private static final String TORCH = "torch";

  /** The fastest first; an engine that is not listed comes after those that are. */
  private static final List<String> PREFERENCE = List.of(TORCH, "nd4j");

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
   * Finds an engine by its name, or by {@link #AUTO} the fastest that can train here: torch, or
   * nd4j where torch's natives do not load.
   *
   * @throws IllegalArgumentException naming the value and the engines there are
   * @throws IllegalStateException if automatically none is found, saying what hinders each
   */
  public static Engine named(String name) {
    List<Engine> available = available();
    if (name.equals(AUTO)) {
      return fastest(available);
    }
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

  /**
   * Finds an engine for upscalers by its name, or by {@link #AUTO} the fastest: {@link #named},
   * unless that would convolve in fp32 on the CPU, where an engine for inference alone is faster if
   * it can run: vector.
   *
   * @param options how upscalers are to be opened
   * @throws IllegalArgumentException naming the value and the engines there are
   * @throws IllegalStateException if automatically none is found, saying what hinders each
   */
  public static Engine forUpscaling(String name, EngineOptions options) {
    return name.equals(AUTO) ? fastestUpscaling(available(), options) : named(name);
  }

  /**
   * The first for inference alone that nothing hinders, unless a number format or a device is asked
   * for that it lacks, or torch multiplies bf16 natively: faster still, and what GPUs do.
   */
  static Engine fastestUpscaling(List<Engine> engines, EngineOptions options) {
    boolean bf16 =
        options.precision() == Precision.BF16
            || options.device().kind() == Device.Kind.CUDA
            || engines.stream()
                .filter(engine -> engine.name().equals(TORCH) && engine.obstacle().isEmpty())
                .anyMatch(torch -> torch.precision(options.in(Precision.AUTO)) == Precision.BF16);
    return engines.stream()
        .filter(engine -> !bf16 && !engine.trains() && engine.obstacle().isEmpty())
        .findFirst()
        .orElseGet(() -> fastest(engines));
  }

  /** The first in the order of preference that nothing hinders from training. */
  static Engine fastest(List<Engine> engines) {
    return engines.stream()
        .filter(engine -> engine.trains() && engine.obstacle().isEmpty())
        .min(Comparator.comparingInt(Engines::rank))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no engine can run here: "
                        + engines.stream()
                            .filter(Engine::trains)
                            .map(engine -> engine.name() + ": " + engine.obstacle().orElseThrow())
                            .collect(Collectors.joining("; "))));
  }

  private static int rank(Engine engine) {
    int rank = PREFERENCE.indexOf(engine.name());
    return rank < 0 ? PREFERENCE.size() : rank;
  }
}
