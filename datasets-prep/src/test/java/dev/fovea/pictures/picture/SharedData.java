package dev.fovea.pictures.picture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the photographs that lie beside the checkout in {@code shared/data}. */
public final class SharedData {
  private SharedData() {}

  /** The folder or file, or a skipped test that says what is missing. */
  public static Path require(String path) {
    Optional<Path> found = find(path);
    assumeTrue(found.isPresent(), "shared/data/" + path + " is not beside the checkout");
    return found.orElseThrow();
  }

  /** The folder or file where it exists. */
  public static Optional<Path> find(String path) {
    return Stream.iterate(
            Path.of("").toAbsolutePath(), folder -> folder != null, folder -> folder.getParent())
        .map(folder -> folder.resolve("shared/data").resolve(path))
        .filter(Files::exists)
        .findFirst();
  }

  /** The alphabetically first file of a folder. */
  public static Path firstIn(String folder) throws IOException {
    try (Stream<Path> files = Files.list(require(folder))) {
      return files.sorted().findFirst().orElseThrow().getFileName();
    }
  }
}
