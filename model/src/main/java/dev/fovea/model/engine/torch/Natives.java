package dev.fovea.model.engine.torch;

import java.io.File;
import java.io.IOException;
import java.util.Optional;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.nd4j.linalg.factory.Nd4j;

/** LibTorch's native libraries, loaded once per JVM. Safe for use by several threads. */
final class Natives {
  private static final String EXTENSION = "platform.extension";
  private static final String GPU = "-gpu";

  private Natives() {}

  /** Why they cannot be used here, empty if they are loaded. */
  static Optional<String> obstacle() {
    return Optional.ofNullable(Loaded.OBSTACLE);
  }

  /**
   * Loads them.
   *
   * @throws IllegalStateException saying why they cannot be
   */
  static void require() {
    obstacle()
        .ifPresent(
            obstacle -> {
              throw new IllegalStateException("the torch engine cannot run here: " + obstacle);
            });
  }

  /** Why they cannot be used for CUDA, empty if LibTorch has loaded its CUDA part. */
  static Optional<String> cudaObstacle() {
    if (obstacle().isPresent()) {
      return obstacle();
    }
    if (!forGpus()) {
      return Optional.of("LibTorch's natives on the class path are those for the CPU");
    }
    return torch.hasCUDA() ? Optional.empty() : Optional.of(missingCuda());
  }

  private static boolean forGpus() {
    return torch.class.getResource(gpuLibrary("jnitorch")) != null;
  }

  private static String gpuLibrary(String name) {
    return "/org/bytedeco/pytorch/%s%s/%s"
        .formatted(Loader.getPlatform(), GPU, System.mapLibraryName(name));
  }

  /** Says what the linker misses; JavaCPP goes on in silence without. */
  private static String missingCuda() {
    try {
      File library = Loader.cacheResource(torch.class, gpuLibrary("torch_cuda"));
      System.load(library.getPath());
      return "LibTorch was loaded without its CUDA part";
    } catch (UnsatisfiedLinkError | IOException e) {
      return "LibTorch's CUDA part cannot be loaded: " + e.getMessage();
    }
  }

  private static final class Loaded {
    static final String OBSTACLE = load();

    private static String load() {
      try {
        return forGpus() ? loadForGpus() : loadPlain();
      } catch (LinkageError e) {
        return "LibTorch's natives for %s cannot be loaded: %s"
            .formatted(Loader.getPlatform(), e.getMessage());
      }
    }

    /**
     * JavaCPP looks for CUDA's libraries while the platform has the extension -gpu alone, and finds
     * ND4J's natives, which have extensions of their own, while it has none. So ND4J goes first,
     * and the extension lasts as long as loading does.
     */
    private static String loadForGpus() {
      Nd4j.getBackend();
      Properties platform = Loader.loadProperties();
      Object before = platform.setProperty(EXTENSION, GPU);
      try {
        return loadPlain();
      } finally {
        if (before == null) {
          platform.remove(EXTENSION);
        } else {
          platform.put(EXTENSION, before);
        }
      }
    }

    private static String loadPlain() {
      // Any call loads them; this one also proves that what was loaded can be called.
      int threads = torch.get_num_threads();
      FreedMemory.keep();
      // Of no use beside oneDNN, and says so on stderr where it does not know the processor.
      torch.globalContext().setUserEnabledNNPACK(false);
      HiddenCaches.reveal();
      return threads > 0 ? null : "LibTorch says that it has %d threads".formatted(threads);
    }
  }
}
