package dev.fovea.model.engine.nd4j;

import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.graph.FoldedUpscaler;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Upscales on a thread of its own. */
final class Nd4jUpscaler implements Upscaler {
  private final ComputeThread thread;
  private final FoldedUpscaler upscaler;
  private final String device;

  Nd4jUpscaler(UpscalerConfig config, INDArray parameters, EngineOptions options) {
    thread = new ComputeThread("nd4j-upscaler", options);
    // The build decides: ND4J has one backend.
    device = Nd4j.getBackend().getEnvironment().isCPU() ? "cpu" : "cuda";
    upscaler = thread.callOrClose(() -> FoldedUpscaler.of(config, parameters));
  }

  @Override
  public INDArray upscale(INDArray lowResolution) {
    return thread.call(() -> upscaler.upscale(lowResolution));
  }

  @Override
  public String execution() {
    return "nd4j %s fp32".formatted(device);
  }

  @Override
  public void close() {
    thread.close(upscaler::close);
  }
}
