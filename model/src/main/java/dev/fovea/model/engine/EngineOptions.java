package dev.fovea.model.engine;

import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import java.io.Serializable;

/**
 * How an engine is to execute a network.
 *
 * @param device where it runs
 * @param precision the number format of its convolutions
 * @param threads CPU threads of one network, 1 or more; results on the CPU are repeatable for equal
 *     numbers of threads
 * @param lowMemoryOptimizer whether the optimiser may take longer to need less memory
 */
public record EngineOptions(
    Device device, Precision precision, int threads, boolean lowMemoryOptimizer)
    implements Serializable {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public EngineOptions {
    if (device == null || precision == null) {
      throw new IllegalArgumentException("device or precision is missing");
    }
    if (threads < 1) {
      throw new IllegalArgumentException(
          "number of threads %d is not 1 or more".formatted(threads));
    }
  }

  /** The same in another number format. */
  public EngineOptions in(Precision other) {
    return new EngineOptions(device, other, threads, lowMemoryOptimizer);
  }

  /** The same on another device. */
  public EngineOptions on(Device other) {
    return new EngineOptions(other, precision, threads, lowMemoryOptimizer);
  }

  /** The CPU in fp32 with the given number of threads. */
  public static EngineOptions cpu(int threads) {
    return new EngineOptions(Device.CPU, Precision.FP32, threads, false);
  }
}
