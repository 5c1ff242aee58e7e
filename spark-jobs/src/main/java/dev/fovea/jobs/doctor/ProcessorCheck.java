package dev.fovea.jobs.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Cores, and the instructions that the natives were built for. */
final class ProcessorCheck {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private ProcessorCheck() {}

  static Finding here() {
    String flags = "";
    try {
      flags =
          Files.readAllLines(CPU_INFO).stream()
              .filter(line -> line.startsWith("flags"))
              .findFirst()
              .orElse("");
    } catch (IOException e) {
      // Only Linux has it.
    }
    return of(Runtime.getRuntime().availableProcessors(), System.getProperty("os.arch"), flags);
  }

  static Finding of(int cores, String architecture, String flags) {
    Set<String> known = Arrays.stream(flags.split("\\s+", -1)).collect(Collectors.toSet());
    String found = "%d cores, %s".formatted(cores, architecture);
    if (!flags.isEmpty() && !known.contains("avx2")) {
      return Finding.failed(
          "processor",
          found + ", no AVX2",
          "ND4J's natives need AVX2: build with -Dnd4j.native.classifier=linux-x86_64");
    }
    List<String> fast =
        List.of("avx2", "avx512f", "avx512_bf16", "amx_bf16").stream()
            .filter(known::contains)
            .toList();
    return Finding.ok("processor", fast.isEmpty() ? found : found + ", " + String.join(", ", fast));
  }
}
