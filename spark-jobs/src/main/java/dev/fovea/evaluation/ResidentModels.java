package dev.fovea.evaluation;

import dev.fovea.spark.EngineChoice;
import dev.fovea.upscaling.ModelWeights;
import dev.fovea.upscaling.OpenUpscaler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Models that this process keeps open between tasks, so that a device is prepared once and not for
 * every group of pictures. A task takes one, uses it alone and gives it back; what failed is not
 * given back. The first task of another job closes what an earlier job left behind.
 */
final class ResidentModels {
  private static final Map<Key, Deque<OpenUpscaler>> IDLE = new ConcurrentHashMap<>();

  private ResidentModels() {}

  private record Key(String job, String model) {}

  /** Takes an idle model of the job or opens another. */
  static OpenUpscaler take(
      String job, String model, ModelWeights weights, EngineChoice choice, int threads) {
    synchronized (IDLE) {
      closeOthers(job);
      Deque<OpenUpscaler> idle = IDLE.get(new Key(job, model));
      if (idle != null && !idle.isEmpty()) {
        return idle.pop();
      }
    }
    return OpenUpscaler.open(weights, choice, threads);
  }

  /** Gives a model back. */
  static void giveBack(String job, String model, OpenUpscaler upscaler) {
    synchronized (IDLE) {
      IDLE.computeIfAbsent(new Key(job, model), key -> new ArrayDeque<>()).push(upscaler);
    }
  }

  /** Closes the idle models of a job. */
  static void close(String job) {
    synchronized (IDLE) {
      closeIf(key -> key.job().equals(job));
    }
  }

  private static void closeOthers(String job) {
    closeIf(key -> !key.job().equals(job));
  }

  private static void closeIf(java.util.function.Predicate<Key> condition) {
    Iterator<Map.Entry<Key, Deque<OpenUpscaler>>> entries = IDLE.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Key, Deque<OpenUpscaler>> entry = entries.next();
      if (condition.test(entry.getKey())) {
        entry.getValue().forEach(OpenUpscaler::close);
        entries.remove();
      }
    }
  }
}
