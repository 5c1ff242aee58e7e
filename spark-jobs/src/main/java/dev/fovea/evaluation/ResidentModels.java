package dev.fovea.evaluation;

import dev.fovea.spark.EngineChoice;
import dev.fovea.spark.KeptOpen;
import dev.fovea.upscaling.ModelWeights;
import dev.fovea.upscaling.OpenUpscaler;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Models that this process keeps open between tasks, so that a device is prepared once and not for
 * every group of pictures. A task takes one, uses it alone and gives it back; what failed is not
 * given back.
 */
final class ResidentModels {
  private static final KeptOpen<OpenUpscaler> IDLE = new KeptOpen<>(OpenUpscaler::close);

  private ResidentModels() {}

  /** Takes an idle model of the job or opens another; what other jobs left is closed. */
  static OpenUpscaler take(
      String job, String model, ModelWeights weights, EngineChoice choice, int threads) {
    IDLE.closeOthers(job);
    return IDLE.take(job, model).orElseGet(() -> OpenUpscaler.open(weights, choice, threads));
  }

  /** Gives a model back. */
  static void giveBack(String job, String model, OpenUpscaler upscaler) {
    IDLE.giveBack(job, model, upscaler);
  }

  /** Closes the idle models of a job, here and on executors. */
  static void close(JavaSparkContext spark, String job) {
    KeptOpen.closeEverywhere(spark, job);
  }
}
