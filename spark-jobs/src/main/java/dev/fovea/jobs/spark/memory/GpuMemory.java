package dev.fovea.jobs.spark.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The memory of NVIDIA GPUs, as the driver's own program says it. */
public final class GpuMemory {
  private static final long PATIENCE_SECONDS = 20;

  private GpuMemory() {}

  /** Bytes that nobody uses; empty where there is no such GPU, or no way to ask. */
  public static OptionalLong free(int index) {
    try {
      Process process =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--id=" + index,
                  "--query-gpu=memory.free",
                  "--format=csv,noheader,nounits")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return OptionalLong.empty();
      }
      return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }

  public static OptionalLong parse(String mebibytes) {
    String first = mebibytes.lines().findFirst().orElse("").strip();
    return first.matches("\\d{1,9}")
        ? OptionalLong.of(Long.parseLong(first) * Bytes.MIB)
        : OptionalLong.empty();
  }
}
