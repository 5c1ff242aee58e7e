package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.engine.nd4j.Nd4jEngine;
import dev.fovea.model.graph.UpscalerGraph;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Small networks with random weights, real in all else. */
public final class TestModels {
  public static final EngineChoice ENGINE = new EngineChoice("nd4j", "cpu", "fp32");

  private TestModels() {}

  public static UpscalerConfig small(int ratio) {
    return new UpscalerConfig(BaseUpscaler.BICUBIC, ratio, 6, 1, 2);
  }

  public static ModelWeights weights(UpscalerConfig config, long seed) {
    ComputationGraph graph = graph(config, seed);
    try (INDArray parameters = graph.params().dup()) {
      return new ModelWeights(config, parameters);
    }
  }

  public static ComputationGraph graph(UpscalerConfig config, long seed) {
    return UpscalerGraph.initialised(
        UpscalerGraph.training(
            config, new LossConfig(ReconstructionLoss.MSE, 0), AdafactorConfig.of(1e-2, -0.8)),
        seed);
  }

  public static Upscaler open(UpscalerConfig config, long seed) {
    INDArray parameters = weights(config, seed).parameters();
    return new Nd4jEngine().openUpscaler(config, parameters, EngineOptions.cpu(1));
  }
}
