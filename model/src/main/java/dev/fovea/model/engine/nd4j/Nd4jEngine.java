package dev.fovea.model.engine.nd4j;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.AdversarialTrainer;
import dev.fovea.model.engine.DeviceUnavailableException;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.engine.Upscaler;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Executes the networks with DL4J and ND4J: on the CPU with nd4j-native on the class path, on an
 * NVIDIA GPU with nd4j-cuda instead. In fp32 only.
 *
 * <p>On the CPU, equal numbers of threads give equal bits, however many networks run in the JVM.
 */
public final class Nd4jEngine implements Engine {
  private static final String NAME = "nd4j";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Precision precision(EngineOptions options) {
    check(options);
    return Precision.FP32;
  }

  @Override
  public Trainer openTrainer(ComputationGraphConfiguration graph, EngineOptions options) {
    check(options);
    return new Nd4jTrainer(graph, options);
  }

  @Override
  public AdversarialTrainer openAdversarialTrainer(
      ComputationGraphConfiguration upscaler,
      ComputationGraphConfiguration critic,
      AdversarialTerm term,
      EngineOptions options) {
    check(options);
    return new Nd4jAdversarialTrainer(upscaler, critic, term, options);
  }

  @Override
  public Upscaler openUpscaler(UpscalerConfig config, INDArray parameters, EngineOptions options) {
    check(options);
    return new Nd4jUpscaler(config, parameters, options);
  }

  private static void check(EngineOptions options) {
    if (options.precision() == Precision.BF16) {
      throw new IllegalArgumentException(
          "precision bf16 is not one of the engine nd4j: auto, fp32; the engine torch has it");
    }
    String backend = Nd4j.getBackend().getClass().getSimpleName();
    boolean cuda = !Nd4j.getBackend().getEnvironment().isCPU();
    Device device = options.device();
    if (device.kind() == Device.Kind.CUDA) {
      if (!cuda) {
        throw new DeviceUnavailableException(
            "device %s cannot be used by the engine nd4j: the backend on the class path is %s"
                .formatted(device, backend));
      }
      int devices = Nd4j.getAffinityManager().getNumberOfDevices();
      if (device.index() >= devices) {
        throw new DeviceUnavailableException(
            "device %s cannot be used by the engine nd4j: %d devices were found"
                .formatted(device, devices));
      }
    } else if (device.kind() == Device.Kind.CPU && cuda) {
      throw new DeviceUnavailableException(
          "device cpu cannot be used by the engine nd4j: the backend on the class path is %s"
              .formatted(backend));
    }
    if (cuda) {
      NativeOps cudaOps = NativeOpsHolder.getInstance().getDeviceNativeOps();
      requireCapability(
          device, cudaOps.getDeviceMajor(device.index()), cudaOps.getDeviceMinor(device.index()));
    }
  }

  /**
   * nd4j-cuda-11.6 carries machine code for compute capability 3.7 to 8.6, which runs up to 8.9,
   * and nothing that a driver could translate for later GPUs.
   */
  static void requireCapability(Device device, int major, int minor) {
    if (major > 8 || major < 3 || (major == 3 && minor < 7)) {
      throw new DeviceUnavailableException(
          "device %s cannot be used by the engine nd4j: the GPU has compute capability %d.%d,"
              .concat(" nd4j-cuda-11.6 supports 3.7 to 8.9; the engine torch supports 7.5 to 12.0")
              .formatted(device, major, minor));
    }
  }
}
