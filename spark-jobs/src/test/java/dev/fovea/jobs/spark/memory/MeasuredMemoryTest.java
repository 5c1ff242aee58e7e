package dev.fovea.jobs.spark.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fovea.jobs.spark.memory.TrainingMemory.Execution;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticSize;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/** What training really takes, in processes of its own, beside what is estimated. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class MeasuredMemoryTest {
  /** By how much the estimate may be above what was taken; small processes take less by more. */
  private static final double FACTOR = 1.65;

  /** The same where what is taken depends on when Java collects arrays. */
  private static final double FACTOR_OF_ND4J = 2.1;

  private static final long MARGIN = 256L << 20;
  private static final long HEAP_MIB = 512;

  @TempDir Path folder;

  /** What is trained; low is the side of low-resolution crops in pixels. */
  private record Point(
      String engine,
      String precision,
      int ratio,
      int channels,
      int hidden,
      int layers,
      int low,
      String critic) {
    static Point of(ArgumentsAccessor row) {
      return new Point(
          row.getString(0),
          row.getString(1),
          row.getInteger(2),
          row.getInteger(3),
          row.getInteger(4),
          row.getInteger(5),
          row.getInteger(6),
          row.getString(7));
    }

    TrainingMemory estimate() {
      Execution execution =
          Execution.onCpu(engine, Precision.valueOf(precision.toUpperCase(Locale.ROOT)));
      TrainingMemory upscaler =
          TrainingMemory.ofUpscaler(
              new UpscalerConfig(BaseUpscaler.BICUBIC, ratio, channels, hidden, layers),
              low,
              execution);
      return critic.equals("none")
          ? upscaler
          : upscaler.with(CriticSize.of(critic).config(), ratio * low, execution);
    }

    double factor() {
      return engine.equals("nd4j") ? FACTOR_OF_ND4J : FACTOR;
    }

    @Override
    public String toString() {
      return "%s %s r%d C%d h%d N%d, %d pixels, critic %s"
          .formatted(engine, precision, ratio, channels, hidden, layers, low, critic);
    }
  }

  @BeforeEach
  void requireProc() {
    assumeThat(Path.of("/proc/self/status")).as("the peak is read there").exists();
  }

  @ParameterizedTest
  @CsvSource({
    "torch, fp32, 4, 32, 2, 6, 64, none, 2, 6",
    "nd4j, fp32, 4, 32, 2, 6, 64, none, 2, 6"
  })
  void twoPointsLieBelowTheEstimate(ArgumentsAccessor row) {
    requireBound(Point.of(row), List.of(row.getInteger(8), row.getInteger(9)));
  }

  /** The table of docs/storage.md. */
  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "torch, fp32, 4, 32, 2,  6,  64, none,   2,  8",
    "torch, bf16, 4, 32, 2,  6,  64, none,   2,  8",
    "nd4j,  fp32, 4, 32, 2,  6,  64, none,   2,  8",
    "torch, fp32, 4, 64, 2, 16,  48, none,   1,  4",
    "torch, bf16, 4, 64, 2, 16,  48, none,   1,  4",
    "nd4j,  fp32, 4, 64, 2, 16,  48, none,   1,  4",
    "torch, fp32, 4, 16, 2,  4, 128, none,   1,  4",
    "torch, bf16, 4, 16, 2,  4, 128, none,   1,  4",
    "nd4j,  fp32, 4, 16, 2,  4, 128, none,   1,  4",
    "torch, fp32, 2, 32, 1,  6,  64, none,   2,  8",
    "torch, bf16, 2, 32, 1,  6,  64, none,   2,  8",
    "torch, fp32, 2, 32, 4,  6,  64, none,   2,  8",
    "torch, bf16, 2, 32, 4,  6,  64, none,   2,  8",
    "nd4j,  fp32, 2, 32, 1,  6,  64, none,   2,  8",
    "nd4j,  fp32, 2, 32, 4,  6,  64, none,   2,  8",
    "torch, fp32, 8, 32, 2,  4,  32, none,   2,  8",
    "torch, bf16, 8, 32, 2,  4,  32, none,   2,  8",
    "nd4j,  fp32, 8, 32, 2,  4,  32, none,   2,  8",
    "torch, fp32, 4, 24, 2,  2,  32, small,  1,  4",
    "torch, bf16, 4, 24, 2,  2,  32, small,  1,  4",
    "nd4j,  fp32, 4, 24, 2,  2,  32, small,  1,  4",
    "torch, fp32, 4, 32, 2,  6,  16, small,  2, 16",
    "torch, bf16, 4, 32, 2,  6,  16, small,  2, 16",
    "nd4j,  fp32, 4, 32, 2,  6,  16, small,  2,  8",
    "torch, fp32, 4, 16, 2,  4,  64, small,  1,  2",
    "torch, bf16, 4, 16, 2,  4,  64, small,  1,  2",
    "nd4j,  fp32, 4, 16, 2,  4,  64, small,  1,  2",
    "torch, fp32, 4, 32, 2,  4,  24, medium, 1,  4",
    "torch, bf16, 4, 32, 2,  4,  24, medium, 1,  4",
    "nd4j,  fp32, 4, 32, 2,  4,  24, medium, 1,  4",
  })
  void theGridLiesBelowTheEstimate(ArgumentsAccessor row) {
    requireBound(Point.of(row), List.of(row.getInteger(8), row.getInteger(9)));
  }

  @Test
  void theLargestBatchThatIsAdvisedFits() {
    long room = 800L << 20;
    Point point = new Point("torch", "fp32", 4, 32, 2, 6, 64, "none");
    TrainingMemory need = point.estimate();
    int largest = need.largestBatch(room);
    assertThat(need.shortage(largest + 1, room, "here"))
        .get()
        .asString()
        .endsWith("the largest batch that fits is " + largest);

    long peak = peaks(point, List.of(largest), room).get(0);

    assertThat(peak).isLessThanOrEqualTo(room).isGreaterThan(room / 2);
  }

  private void requireBound(Point point, List<Integer> batches) {
    TrainingMemory need = point.estimate();
    List<Long> peaks = peaks(point, batches, need.bytes(batches.get(batches.size() - 1)));
    for (int i = 0; i < batches.size(); i++) {
      long peak = peaks.get(i);
      double share = need.bytes(batches.get(i)) / (double) peak;
      System.out.printf(
          Locale.ROOT,
          "memory: %s, batch %d: %d MB, estimate %.2f%n",
          point,
          batches.get(i),
          peak / 1_000_000,
          share);
      assertThat(need.bytes(batches.get(i)))
          .as("estimate of batch %d", batches.get(i))
          .isGreaterThanOrEqualTo(peak)
          .isLessThanOrEqualTo(Math.max(Math.round(point.factor() * peak), peak + MARGIN));
    }
  }

  /** Bytes beside the heap, for each batch size, in a process that may take so many at most. */
  private List<Long> peaks(Point point, List<Integer> batches, long limit) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + javaOptions());
    command.addAll(
        List.of(
            "-Xms" + HEAP_MIB + "m",
            "-Xmx" + HEAP_MIB + "m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            // As executors are limited; arrays of ND4J are collected when they come to the limit.
            "-Dorg.bytedeco.javacpp.maxbytes=" + (limit - ProcessMemory.JVM),
            "-Dorg.bytedeco.javacpp.maxphysicalbytes="
                + (limit + (HEAP_MIB << 20) - ProcessMemory.OVERSHOOT),
            "-cp",
            System.getProperty("java.class.path"),
            MeasuredSteps.class.getName(),
            point.engine(),
            point.precision()));
    for (int number :
        List.of(point.ratio(), point.channels(), point.hidden(), point.layers(), point.low())) {
      command.add(Integer.toString(number));
    }
    command.add(point.critic());
    batches.forEach(batch -> command.add(Integer.toString(batch)));
    Path printed = folder.resolve("printed.txt");
    Path log = folder.resolve("log.txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(printed.toFile())
              .redirectError(log.toFile())
              .start();
      try {
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
      } finally {
        process.destroyForcibly();
      }
      return Files.readAllLines(printed).stream()
          .filter(line -> line.startsWith("peak "))
          .map(line -> Long.valueOf(line.split(" ", -1)[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Path javaOptions() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("conf/java-options"))) {
      directory = directory.getParent();
    }
    return directory.resolve("conf/java-options");
  }
}
