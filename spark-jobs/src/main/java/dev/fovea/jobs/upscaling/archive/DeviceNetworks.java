package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.KeptOpen;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.Nchw;
import dev.fovea.model.engine.Upscaler;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Networks that this process keeps open between the tasks of a job. On the CPU those of many
 * pictures run on one thread each: what it computes then does not depend on how many cores a
 * machine has, and several of them beside threads that decode and encode keep all cores busy, which
 * threads that wait for each other do not.
 */
final class DeviceNetworks {
  private static final KeptOpen<Upscaler> IDLE = new KeptOpen<>(Upscaler::close);
  private static final String KIND = "upscaler";

  private DeviceNetworks() {}

  /** Takes an idle network of the job or opens another, which uses so many threads of a CPU. */
  static Upscaler take(String job, ModelWeights weights, EngineChoice choice, int threads) {
    return IDLE.take(job, KIND).orElseGet(() -> open(weights, choice, threads));
  }

  private static Upscaler open(ModelWeights weights, EngineChoice choice, int threads) {
    INDArray parameters = weights.parameters();
    try {
      return choice
          .engineForUpscaling()
          .openUpscaler(weights.config(), parameters, choice.options(threads));
    } finally {
      Nchw.close(parameters);
    }
  }

  static void giveBack(String job, Upscaler upscaler) {
    IDLE.giveBack(job, KIND, upscaler);
  }

  /** Closes the idle networks of a job in this process. */
  static void close(String job) {
    IDLE.close(job);
  }

  /** Closes the idle networks of a job, here and on executors. */
  static void close(JavaSparkContext spark, String job) {
    KeptOpen.closeEverywhere(spark, job);
  }
}
