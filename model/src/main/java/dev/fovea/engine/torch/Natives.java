package dev.fovea.engine.torch;

import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** LibTorch's native libraries, loaded once per JVM. Safe for use by several threads. */
final class Natives {
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

  private static final class Loaded {
    static final String OBSTACLE = load();

    private static String load() {
      try {
        // Any call loads them; this one also proves that what was loaded can be called.
        int threads = torch.get_num_threads();
        return threads > 0 ? null : "LibTorch says that it has %d threads".formatted(threads);
      } catch (LinkageError e) {
        return "LibTorch's natives for %s cannot be loaded: %s"
            .formatted(Loader.getPlatform(), e.getMessage());
      }
    }
  }
}
