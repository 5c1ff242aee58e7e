package dev.fovea.jobs.evaluation.measure;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Photographs that lie beside a checkout and are not part of it. */
public final class SharedData {
  private SharedData() {}

  /** The path below {@code shared/data}; without it the test is skipped, saying so. */
  public static Path require(String below) {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null) {
      Path candidate = folder.resolve("shared/data").resolve(below);
      if (Files.exists(candidate)) {
        return candidate;
      }
      folder = folder.getParent();
    }
    return Assumptions.abort("skipped: shared/data/%s is not beside the checkout".formatted(below));
  }
}
