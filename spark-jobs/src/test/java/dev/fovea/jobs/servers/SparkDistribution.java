package dev.fovea.jobs.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A distribution of the Spark that Fovea is built against: the one in PyPI's source package of
 * PySpark, which is kept between runs in {@code ~/.cache/fovea}. Needs Python with pip and 450 MB
 * from PyPI, once.
 */
public final class SparkDistribution {
  private static final String VERSION = org.apache.spark.package$.MODULE$.SPARK_VERSION();

  private SparkDistribution() {}

  /** Its folder, to be SPARK_HOME; nothing where PyPI does not answer. */
  public static Optional<Path> home() throws IOException, InterruptedException {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "fovea");
    Path home = cache.resolve("spark-" + VERSION);
    if (!Files.isDirectory(home)) {
      Files.createDirectories(cache);
      Path folder = Files.createTempDirectory(cache, "unfinished");
      boolean fetched =
          succeeds(
              folder,
              List.of(
                  "python3",
                  "-m",
                  "pip",
                  "download",
                  "--quiet",
                  "--no-deps",
                  "--no-binary=:all:",
                  "pyspark==" + VERSION));
      if (!fetched || !succeeds(folder, List.of("tar", "xzf", "pyspark-" + VERSION + ".tar.gz"))) {
        delete(folder);
        return Optional.empty();
      }
      Path distribution = folder.resolve("pyspark-" + VERSION + "/deps");
      Files.move(distribution, home, StandardCopyOption.ATOMIC_MOVE);
      delete(folder);
    }
    return Optional.of(home);
  }

  private static boolean succeeds(Path folder, List<String> command)
      throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }
}
