package dev.fovea.jobs.upscaling.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What lies in an output root. */
final class OutputFiles {
  private OutputFiles() {}

  /** Every picture, by its name below the root; a job may be at work there. */
  static Map<String, Path> of(Path root) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    if (!Files.exists(root)) {
      return files;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return root.relativize(directory).startsWith("_fovea")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.put(root.relativize(file).toString(), file);
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  static void assertSameBytes(Path actual, Path expected) throws IOException {
    Map<String, Path> there = of(actual);
    Map<String, Path> wanted = of(expected);
    assertThat(there.keySet()).isEqualTo(wanted.keySet());
    for (Map.Entry<String, Path> file : wanted.entrySet()) {
      assertThat(Files.mismatch(there.get(file.getKey()), file.getValue()))
          .as(file.getKey())
          .isEqualTo(-1);
    }
  }

  /** The manifest of the latest run. */
  static List<Outcome> manifest(Path root) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    try (Stream<Path> parts = Files.list(latestRun(root))) {
      for (Path part :
          parts
              .filter(file -> file.getFileName().toString().matches("part-.*\\.jsonl"))
              .sorted()
              .toList()) {
        for (String line : Files.readAllLines(part)) {
          outcomes.add(ArchiveJson.read(line, Outcome.class));
        }
      }
    }
    return outcomes;
  }

  static Path latestRun(Path root) throws IOException {
    try (Stream<Path> runs = Files.list(root.resolve("_fovea"))) {
      // Two runs may begin in one second.
      return runs.filter(Files::isDirectory)
          .max(Comparator.comparing(run -> run.resolve("run.json").toFile().lastModified()))
          .orElseThrow();
    }
  }
}
