package dev.fovea.jobs.spark.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bytedeco.javacpp.Pointer;

/**
 * What a process may take and what it may be given, in bytes.
 *
 * @param heap most that the Java heap grows to ({@code -Xmx})
 * @param arrays most that arrays outside the heap take ({@code org.bytedeco.javacpp.maxbytes})
 * @param container what the container, or the machine, gives the process in all
 * @param source where {@code container} was read
 */
public record ProcessMemory(long heap, long arrays, long container, String source) {
  /** What a JVM takes beside both: code, classes, threads, libraries. */
  public static final long JVM = 256 * Bytes.MIB;

  /**
   * By how much a process outgrows {@code org.bytedeco.javacpp.maxphysicalbytes}: ND4J allocates
   * some arrays without asking. Up to 90 MB were measured.
   */
  public static final long OVERSHOOT = 128 * Bytes.MIB;

  private static final List<Path> CGROUP_LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
  private static final Path MACHINE = Path.of("/proc/meminfo");

  /**
   * This process, as its operating system and its options say.
   *
   * @param granted what the cluster's manager gives it, if it does so by its own counting
   */
  public static ProcessMemory ofThisProcess(OptionalLong granted) {
    long heap = Runtime.getRuntime().maxMemory();
    long arrays = Pointer.maxBytes();
    ProcessMemory byMachine =
        new ProcessMemory(heap, arrays, limit(), limitSource().orElse("the machine's memory"));
    return granted.isPresent() && granted.getAsLong() < byMachine.container
        ? new ProcessMemory(
            heap,
            arrays,
            granted.getAsLong(),
            "spark.executor.memory and spark.executor.memoryOverhead")
        : byMachine;
  }

  /** What all of it comes to. */
  long sum() {
    return Math.addExact(Math.addExact(heap, arrays), JVM);
  }

  /** Empty if everything has room, else the sum written out, and what to do. */
  public Optional<String> shortage() {
    return sum() <= container
        ? Optional.empty()
        : Optional.of(
            "%s of heap + %s for arrays outside it + %s for the JVM itself = %s, but there are %s"
                    .formatted(
                        Bytes.text(heap),
                        Bytes.text(arrays),
                        Bytes.text(JVM),
                        Bytes.text(sum()),
                        Bytes.text(container))
                + " (%s); lower FOVEA_HEAP or FOVEA_OFF_HEAP, on executors".formatted(source)
                + " spark.executor.memory, or raise spark.executor.memoryOverhead");
  }

  private static long limit() {
    long machine = machine();
    for (Path file : CGROUP_LIMITS) {
      OptionalLong limit = number(file);
      if (limit.isPresent()) {
        return Math.min(limit.getAsLong(), machine);
      }
    }
    return machine;
  }

  private static Optional<String> limitSource() {
    long machine = machine();
    return CGROUP_LIMITS.stream()
        .filter(file -> number(file).orElse(Long.MAX_VALUE) < machine)
        .map(Path::toString)
        .findFirst();
  }

  private static OptionalLong number(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.matches("\\d{1,18}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** All there is; unlimited where the operating system is not one that says. */
  private static long machine() {
    try {
      return Files.readAllLines(MACHINE).stream()
          .filter(line -> line.startsWith("MemTotal:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}
