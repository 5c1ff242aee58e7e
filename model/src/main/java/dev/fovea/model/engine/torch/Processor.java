package dev.fovea.model.engine.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the CPU of this machine can do. */
final class Processor {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final List<String> BF16 = List.of("avx512_bf16", "amx_bf16");
  private static final boolean MULTIPLIES_BF16 = multipliesBf16(CPU_INFO);

  private Processor() {}

  /**
   * Whether it has instructions that multiply bf16, which oneDNN then convolves with. Known on
   * Linux alone; elsewhere the answer is no.
   */
  static boolean multipliesBf16() {
    return MULTIPLIES_BF16;
  }

  /** The answer from a file in the format of Linux' {@code /proc/cpuinfo}. */
  static boolean multipliesBf16(Path cpuInfo) {
    try (Stream<String> lines = Files.lines(cpuInfo)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(flags -> Arrays.asList(flags.split("\\s+")).stream().anyMatch(BF16::contains))
          .orElse(false);
    } catch (IOException e) {
      return false;
    }
  }
}
