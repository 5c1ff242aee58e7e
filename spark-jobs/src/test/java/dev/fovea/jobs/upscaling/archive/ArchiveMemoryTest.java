package dev.fovea.jobs.upscaling.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.pictures.encode.PngEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Memory that does not suffice, really: of the process, of ND4J's arrays, of the heap. */
class ArchiveMemoryTest {
  /** Its activations for the largest picture take some 400 MiB. */
  private static final UpscalerConfig WIDE = new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 64, 4, 1);

  private static final int LARGE = 376;

  @TempDir Path folder;

  private Path in;

  @BeforeEach
  void pictures() throws IOException {
    in = Files.createDirectories(folder.resolve("in"));
    png("large", LARGE, LARGE);
    png("small", 30, 20);
    TestCheckpoints.save(folder.resolve("wide"), WIDE, 1);
  }

  /**
   * Not in every build: where the limit is met by chance in the JVM's own reservations, it ends.
   */
  @Test
  @Tag("long")
  @EnabledOnOs(OS.LINUX)
  void aProcessThatGetsNoMoreMemoryComputesHalvesWithTorch() throws Exception {
    long peak = command("torch", "whole", "exec");

    command("torch", "halves", "ulimit -v %d; exec".formatted(peak - (100 << 10)));

    assertHalved("halves");
  }

  @Test
  void arraysThatAreNotAllowedAreHalvedWithNd4j() throws Exception {
    CommandRun whole = CommandRun.of(arguments("nd4j", "whole", "wide").toArray(String[]::new));
    assertThat(whole.code()).as(whole.err()).isZero();

    command("nd4j", "halves", "exec", "-Dorg.bytedeco.javacpp.maxbytes=300m");

    assertHalved("halves");
  }

  @Test
  void picturesThatFitIntoNoMemoryAreRejectedAndOthersGoOn() throws Exception {
    command("nd4j", "out", "exec", "-Dorg.bytedeco.javacpp.maxbytes=5m");

    assertThat(OutputFiles.of(folder.resolve("out"))).containsOnlyKeys("small.png.png");
    assertThat(OutputFiles.manifest(folder.resolve("out")))
        .first()
        .extracting(outcome -> ((Outcome.Rejected) outcome).reason())
        .asString()
        .startsWith("out of memory: the network does not fit into the memory even for a tile of");
  }

  @Test
  void aHeapThatIsTooSmallComputesFewerTilesAtOnce() throws Exception {
    Files.delete(in.resolve("large.png"));
    for (int i = 0; i < 14; i++) {
      png("%02d".formatted(i), 100, 100);
    }
    // Its results are large, so that a batch of them takes 100 MiB of heap.
    UpscalerConfig tall = new UpscalerConfig(BaseUpscaler.BICUBIC, 8, 1, 1, 1);
    TestCheckpoints.save(folder.resolve("tall"), tall, 1);
    List<String> whole = arguments("nd4j", "whole", "tall");
    assertThat(CommandRun.of(whole.toArray(String[]::new)).code()).isZero();

    command(
        "crowded",
        "exec",
        List.of("-Xmx176m"),
        arguments(
            "nd4j",
            "crowded",
            "tall",
            // Spark wants 450 MiB at least, unless it is told otherwise.
            "--spark-conf=spark.testing.reservedMemory=1048576"));

    OutputFiles.assertSameBytes(folder.resolve("crowded"), folder.resolve("whole"));
    assertThat(OutputFiles.manifest(folder.resolve("crowded")))
        .anyMatch(outcome -> ((Upscaled) outcome).halvings() > 0);
  }

  private void assertHalved(String output) throws IOException {
    OutputFiles.assertSameBytes(folder.resolve(output), folder.resolve("whole"));
    assertThat(OutputFiles.manifest(folder.resolve("whole")))
        .allMatch(outcome -> ((Upscaled) outcome).halvings() == 0);
    assertThat(OutputFiles.manifest(folder.resolve(output)))
        .extracting(outcome -> ((Upscaled) outcome).halvings() > 0)
        .containsExactly(true, false);
  }

  private List<String> arguments(
      String engine, String output, String checkpoint, String... further) {
    List<String> arguments = new ArrayList<>(List.of("upscale", "--master=local[1]"));
    arguments.addAll(List.of("--device=cpu", "--engine=" + engine, "--precision=fp32"));
    arguments.add("--images-path=" + in);
    arguments.add("--checkpoint-path=" + folder.resolve(checkpoint));
    arguments.add("--output-path=" + folder.resolve(output));
    arguments.addAll(List.of(further));
    return arguments;
  }

  private long command(String engine, String output, String shell, String... options)
      throws IOException, InterruptedException {
    List<String> java = new ArrayList<>(List.of("-Xms512m", "-Xmx512m"));
    java.addAll(List.of(options));
    return command(output, shell, java, arguments(engine, output, "wide"));
  }

  /**
   * Runs a command in a process of its own.
   *
   * @param shell what the shell does in front of Java
   * @return the address space it took at most, in KiB
   */
  private long command(String name, String shell, List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of("@" + javaOptions(), "-XX:+UseSerialGC"));
    java.addAll(options);
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.fovea.jobs.cli.Fovea"));
    java.addAll(arguments);
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", shell + " \"$@\"", "bash");
    builder.command().addAll(java);
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Path status = Path.of("/proc/%d/status".formatted(process.pid()));
    long peak = 0;
    try {
      while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peak(status));
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return peak;
  }

  private static long peak(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmPeak:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      return 0; // It has just ended, or there is no such file on this system.
    }
  }

  private void png(String name, int width, int height) throws IOException {
    Files.write(
        in.resolve(name + ".png"),
        PngEncoder.encode(TestPictures.rgb(width, height, name.hashCode())));
  }

  private static Path javaOptions() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("conf/java-options"))) {
      directory = directory.getParent();
    }
    return directory.resolve("conf/java-options");
  }
}
