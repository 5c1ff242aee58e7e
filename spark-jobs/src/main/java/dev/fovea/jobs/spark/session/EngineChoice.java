package dev.fovea.jobs.spark.session;

import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * Which engine runs a network and where, as options spell it; sent to executors, which open the
 * engine themselves.
 *
 * @param engine auto or an engine's name
 * @param device as {@link Device#of} reads it
 * @param precision auto, fp32 or bf16
 */
public record EngineChoice(String engine, String device, String precision) implements Serializable {
  /** The fastest engine on the best device that are there. */
  public static final EngineChoice AUTO = new EngineChoice("auto", "auto", "auto");

  /**
   * Checks the spelling, not what is there.
   *
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public EngineChoice {
    if (engine.isBlank()) {
      throw new IllegalArgumentException("the engine's name is missing");
    }
    Device.of(device);
    precision(precision);
  }

  /**
   * The engine itself.
   *
   * @throws IllegalArgumentException naming the engines there are, if this one is not among them
   */
  public Engine engineOnClassPath() {
    return Engines.named(engine);
  }

  /** The engine that runs upscalers, which automatically may be one that does not train. */
  public Engine engineForUpscaling() {
    return Engines.forUpscaling(engine, options(1));
  }

  /** How the engine is to run one network; in a Spark task on the GPU that Spark assigned to it. */
  public EngineOptions options(int threads) {
    return onAssignedGpu(
        new EngineOptions(Device.of(device), precision(precision), threads, false));
  }

  /**
   * The options with the GPU that Spark assigned to the running task, where it did: whoever
   * configured Spark to assign one wants it used, unless the device is the CPU.
   */
  public static EngineOptions onAssignedGpu(EngineOptions options) {
    TaskContext task = TaskContext.get();
    ResourceInformation gpu = task == null ? null : task.resourcesJMap().get("gpu");
    return gpu == null ? options : onGpu(options, gpu.addresses());
  }

  /** The options with the first of a task's GPUs, unless the device is the CPU. */
  static EngineOptions onGpu(EngineOptions options, String[] addresses) {
    return options.device().kind() == Device.Kind.CPU
        ? options
        : options.on(new Device(Device.Kind.CUDA, Integer.parseInt(addresses[0])));
  }

  private static Precision precision(String id) {
    for (Precision candidate : Precision.values()) {
      if (candidate.id().equals(id)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "precision '%s' is not one of %s"
            .formatted(
                id,
                Arrays.stream(Precision.values())
                    .map(Precision::id)
                    .collect(Collectors.joining(", "))));
  }
}
