package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.KeptOpen;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.OpenUpscaler;
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
