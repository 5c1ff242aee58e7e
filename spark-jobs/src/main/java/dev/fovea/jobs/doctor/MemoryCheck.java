package dev.fovea.jobs.doctor;

import dev.fovea.jobs.support.console.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/**
 * Whether what this process may take fits into the machine or container.
 *
 * @param machine bytes there are
 * @param heap bytes the Java heap may grow to
 * @param offHeap bytes that JavaCPP lets arrays outside the heap take; 0 is without limit
 * @param physical bytes at which JavaCPP refuses more; 0 is without limit
 */
record MemoryCheck(long machine, long heap, long offHeap, long physical) {
  /** What the JVM and the libraries take beside heap and arrays. */
  static final long OVERHEAD = 1L << 30;

  private static final List<Path> LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  static MemoryCheck here() {
    return new MemoryCheck(
        machineBytes(),
        Runtime.getRuntime().maxMemory(),
        Pointer.maxBytes(),
        Pointer.maxPhysicalBytes());
  }

  Finding finding() {
    String found =
        "%s here; heap %s, arrays %s"
            .formatted(
                Figures.bytes(machine),
                Figures.bytes(heap),
                offHeap == 0 ? "without limit" : Figures.bytes(offHeap));
    if (offHeap == 0) {
      return Finding.note(
          "memory",
          found,
          "bound what arrays take: FOVEA_OFF_HEAP=%s, for executors -Dorg.bytedeco.javacpp.maxbytes"
              .formatted(gibibytes(Math.max(0, machine - heap - OVERHEAD))));
    }
    long needed = heap + offHeap + OVERHEAD;
    if (needed > machine) {
      return Finding.failed(
          "memory",
          "%s: %s with what the JVM takes".formatted(found, Figures.bytes(needed)),
          "the process would be killed: set FOVEA_HEAP and FOVEA_OFF_HEAP to %s together"
              .formatted(gibibytes(Math.max(0, machine - OVERHEAD))));
    }
    if (physical > 0 && physical < heap + offHeap) {
      return Finding.note(
          "memory",
          "%s, but refused from %s on".formatted(found, Figures.bytes(physical)),
          "raise -Dorg.bytedeco.javacpp.maxphysicalbytes to heap and arrays together");
    }
    return Finding.ok("memory", found);
  }

  private static String gibibytes(long bytes) {
    return (bytes >> 30) + "g";
  }

  private static long machineBytes() {
    long bytes = Pointer.totalPhysicalBytes();
    for (Path file : LIMITS) {
      try {
        long limit = Long.parseLong(Files.readString(file).strip());
        bytes = limit > 0 ? Math.min(bytes, limit) : bytes;
      } catch (IOException | NumberFormatException e) {
        // No such group, or no limit in it ("max").
      }
    }
    return bytes;
  }
}
