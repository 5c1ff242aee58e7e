package dev.fovea.model.engine.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The sizes of the CPU's caches, where a hypervisor hides them.
 *
 * <p>oneDNN, which convolves for LibTorch on the CPU, cuts its work by the caches that the CPUID
 * instruction tells of. Some virtual machines on AMD processors are told nothing; oneDNN then takes
 * each cache for one byte. It divides by zero in 1x1 convolutions, which ends the JVM, and leaves
 * the padding of kernels as it finds it, which makes gradients in bf16 wrong wherever channels are
 * odd. On such a machine this writes sizes where oneDNN keeps them; if it cannot, LibTorch goes
 * without oneDNN: slowly, but rightly.
 */
final class HiddenCaches {
  private static final String LIBRARY = "libtorch_cpu.so";

  /** oneDNN's one description of the CPU, an {@code Xbyak::util::Cpu}. */
  private static final String CPU = "_ZZN4dnnl4impl3cpu3x643cpuEvE4cpu_";

  /** There is a folder for each cache of which the kernel knows. */
  private static final Path KNOWN_TO_THE_KERNEL = Path.of("/sys/devices/system/cpu/cpu0/cache");

  /** Where the description, an array of int, has the sizes of the data caches. */
  private static final int SIZES = 7;

  /** Where it has how many cores share each. */
  private static final int SHARING = 17;

  /** Where it has how many data caches there are. */
  private static final int LEVELS = 27;

  /** Room for the sizes of this many. */
  private static final int MOST_LEVELS = 10;

  /** Bytes; what oneDNN itself assumes of a processor of which it knows nothing. */
  private static final int[] USUAL = {32 << 10, 512 << 10, 1 << 20};

  private HiddenCaches() {}

  /** Sees to it that oneDNN computes rightly; to be called before anything is convolved. */
  static void reveal() {
    if (hidden() && !revealed()) {
      torch.globalContext().setUserEnabledMkldnn(false);
    }
  }

  /** Whether oneDNN now has sizes, or had them from elsewhere. */
  private static boolean revealed() {
    describeProcessor();
    try {
      Optional<LoadedLibrary> library = LoadedLibrary.named(LIBRARY);
      OptionalLong address =
          library.isPresent() ? library.get().address(CPU) : OptionalLong.empty();
      if (address.isEmpty()) {
        return false;
      }
      try (Description cpu = new Description(address.getAsLong())) {
        if (cpu.saysOneByteEach()) {
          cpu.writeSizes();
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the kernel was told of no cache either, by the same instruction. */
  static boolean hidden() {
    return Files.isDirectory(KNOWN_TO_THE_KERNEL.getParent())
        && !Files.isDirectory(KNOWN_TO_THE_KERNEL.resolve("index0"));
  }

  /** Has oneDNN look at the processor, on a thread that takes its team with it when it ends. */
  private static void describeProcessor() {
    new NetworkThread("torch-processor", 1)
        .closeAfter(
            () -> {
              Tensor ones =
                  torch.ones(new long[] {16, 16, 3, 3}, new TensorOptions(ScalarType.Float));
              torch.conv2d(ones, ones);
            });
  }

  /** The memory of the description. */
  private static final class Description extends IntPointer {
    Description(long address) {
      super((Pointer) null);
      this.address = address;
      limit = LEVELS + 1;
      capacity = limit;
    }

    boolean saysOneByteEach() {
      for (int level = 0; level < MOST_LEVELS; level++) {
        int expected = level < USUAL.length ? 1 : 0;
        if (get(SIZES + level) != expected || get(SHARING + level) != expected) {
          return false;
        }
      }
      return get(LEVELS) == USUAL.length;
    }

    void writeSizes() {
      for (int level = 0; level < USUAL.length; level++) {
        put(SIZES + level, USUAL[level]);
      }
    }
  }
}
