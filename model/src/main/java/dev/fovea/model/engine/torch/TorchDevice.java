package dev.fovea.model.engine.torch;

import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.engine.DeviceUnavailableException;
import java.util.Optional;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A device that was found usable.
 *
 * @param kind where it is
 * @param index which of several CUDA devices, 0 on the CPU
 */
record TorchDevice(DeviceType kind, int index) {
  /**
   * Set to {@code true} to let fp32 on CUDA use TensorFloat-32: faster, with 10 bits of mantissa.
   */
  static final String TF32 = "dev.fovea.torch.tf32";

  private static final TorchDevice CPU = new TorchDevice(DeviceType.CPU, 0);

  private static final String NEEDED =
      "needed are an NVIDIA GPU of compute capability 7.5 to 12.0, its driver for CUDA 13 (580 or"
          + " later), the libraries of CUDA 13 and cuDNN 9 where the linker finds them, and a build"
          + " with -Pcuda";

  /**
   * Finds the device that an option names.
   *
   * @throws DeviceUnavailableException if it was named and cannot be used, saying what was found
   */
  static TorchDevice of(Device device) {
    return switch (device.kind()) {
      case CPU -> {
        Natives.require();
        yield CPU;
      }
      case CUDA -> {
        String obstacle = obstacle(device);
        if (obstacle != null) {
          throw new DeviceUnavailableException(
              "device %s cannot be used by the torch engine: %s; %s"
                  .formatted(device, obstacle, NEEDED));
        }
        yield cuda(device.index());
      }
      case AUTO -> {
        Natives.require();
        yield obstacle(device) == null ? cuda(device.index()) : CPU;
      }
    };
  }

  /** Whether it is a GPU. */
  boolean cuda() {
    return kind == DeviceType.CUDA;
  }

  /**
   * The number format of a precision: automatically bf16 where the device multiplies it natively.
   * That is faster, and changed the PSNR of Set5 and Set14 by less than 0.001 dB in inference. What
   * was trained in it was within 0.01 dB on average over seeds; single short runs of 16 channels
   * differed by up to 0.017 dB either way (README).
   */
  Numbers numbers(Precision precision) {
    return switch (precision) {
      case FP32 -> Numbers.FP32;
      case BF16 -> Numbers.BF16;
      case AUTO -> multipliesBf16() ? Numbers.BF16 : Numbers.FP32;
    };
  }

  /** On a CPU by oneDNN, which is off where it would compute wrongly. */
  private boolean multipliesBf16() {
    return cuda() || (torch.globalContext().userEnabledMkldnn() && Processor.multipliesBf16());
  }

  /** LibTorch's name for it. */
  org.bytedeco.pytorch.Device device() {
    return new org.bytedeco.pytorch.Device(kind, (byte) index);
  }

  /** How tensors of a type are made on it. */
  TensorOptions options(ScalarType type) {
    return new TensorOptions(type).device(new DeviceOptional(device()));
  }

  private static TorchDevice cuda(int index) {
    Context context = torch.globalContext();
    context.setBenchmarkCuDNN(true);
    context.setAllowTF32CuDNN(Boolean.getBoolean(TF32));
    context.setAllowTF32CuBLAS(Boolean.getBoolean(TF32));
    return new TorchDevice(DeviceType.CUDA, index);
  }

  private static String obstacle(Device device) {
    Optional<String> natives = Natives.cudaObstacle();
    if (natives.isPresent()) {
      return natives.get();
    }
    int count = torch.cuda_device_count();
    if (count <= device.index()) {
      return count == 0
          ? "found no GPU with a driver that CUDA 13 can use"
          : "found %d GPU(s), cuda:0 to cuda:%d".formatted(count, count - 1);
    }
    return probe(device.index());
  }

  /** Runs a kernel: the one sure way to know that the binaries have code for the GPU. */
  private static String probe(int index) {
    TorchDevice device = new TorchDevice(DeviceType.CUDA, index);
    try {
      float sum =
          Within.scope(
              () -> {
                Tensor one = torch.ones(new long[] {1}, device.options(ScalarType.Float));
                return one.add(one).item_float();
              });
      return sum == 2 ? null : "found a GPU that adds 1 and 1 to " + sum;
    } catch (RuntimeException e) {
      return "the GPU failed its first kernel: " + e.getMessage().lines().findFirst().orElse("");
    }
  }
}
