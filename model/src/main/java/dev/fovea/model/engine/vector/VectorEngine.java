package dev.fovea.model.engine.vector;

import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.DeviceUnavailableException;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.engine.Upscaler;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Upscales on the CPU in fp32 with Java's Vector API and two-dimensional Winograd convolutions,
 * faster than LibTorch in fp32; it does not train. Needs vectors of 256 bits, and a JVM that was
 * started with {@code --add-modules=jdk.incubator.vector}.
 *
 * <p>Processors with vectors of one size give equal bits, however many threads compute, and
 * whatever else is in the batch.
 */
public final class VectorEngine implements Engine {
  private static final String NAME = "vector";
  private static final String MODULE = "jdk.incubator.vector";
  private static final int NEEDED_BITS = 256;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean trains() {
    return false;
  }

  @Override
  public Optional<String> obstacle() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Optional.of(
          "Java was started without the module %s: add --add-modules=%s to its options"
              .formatted(MODULE, MODULE));
    }
    int bits = Kernels.preferredBits();
    return bits < NEEDED_BITS
        ? Optional.of(
            "Java uses vectors of %d bits on this processor, %d are needed"
                .formatted(bits, NEEDED_BITS))
        : Optional.empty();
  }

  @Override
  public Precision precision(EngineOptions options) {
    obstacle()
        .ifPresent(
            obstacle -> {
              throw new DeviceUnavailableException("the engine vector cannot run: " + obstacle);
            });
    if (options.precision() == Precision.BF16) {
      throw new IllegalArgumentException(
          "precision bf16 is not one of the engine vector: auto, fp32; the engine torch has it");
    }
    if (options.device().kind() == Device.Kind.CUDA) {
      throw new DeviceUnavailableException(
          "device %s cannot be used by the engine vector, which runs on the CPU"
              .formatted(options.device()));
    }
    return Precision.FP32;
  }

  @Override
  public Trainer openTrainer(ComputationGraphConfiguration graph, EngineOptions options) {
    throw new UnsupportedOperationException(
        "the engine vector upscales but does not train; the engines torch and nd4j do");
  }

  @Override
  public Upscaler openUpscaler(UpscalerConfig config, INDArray parameters, EngineOptions options) {
    precision(options);
    Workers workers = new Workers(options.threads());
    try {
      return new VectorUpscaler(
          config, TransformedNetwork.of(config, parameters, workers), workers);
    } catch (RuntimeException | Error e) {
      workers.close();
      throw e;
    }
  }
}
