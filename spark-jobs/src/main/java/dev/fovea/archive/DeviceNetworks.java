package dev.fovea.archive;

import dev.fovea.engine.Upscaler;
import dev.fovea.spark.EngineChoice;
import dev.fovea.upscaling.ModelWeights;
import dev.fovea.upscaling.Nchw;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Networks that this process keeps open between the tasks of a job. On the CPU each runs on one
 * thread: what it computes then does not depend on how many cores a machine has, and several of
 * them beside threads that decode and encode keep all cores busy, which threads that wait for each
 * other do not.
 */
final class DeviceNetworks {
  private static final Map<String, Deque<Upscaler>> IDLE = new HashMap<>();

  private DeviceNetworks() {}

  /** Takes an idle network of the job or opens another. */
  static Upscaler take(String job, ModelWeights weights, EngineChoice choice) {
    synchronized (IDLE) {
      Deque<Upscaler> idle = IDLE.get(job);
      if (idle != null && !idle.isEmpty()) {
        return idle.pop();
      }
    }
    INDArray parameters = weights.parameters();
    try {
      return choice
          .engineOnClassPath()
          .openUpscaler(weights.config(), parameters, choice.options(1));
    } finally {
      Nchw.close(parameters);
    }
  }

  static void giveBack(String job, Upscaler upscaler) {
    synchronized (IDLE) {
      IDLE.computeIfAbsent(job, key -> new ArrayDeque<>()).push(upscaler);
    }
  }

  /** Closes the idle networks of a job. */
  static void close(String job) {
    Deque<Upscaler> idle;
    synchronized (IDLE) {
      idle = IDLE.remove(job);
    }
    if (idle != null) {
      idle.forEach(Upscaler::close);
    }
  }
}
