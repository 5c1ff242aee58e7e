package dev.fovea.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.config.Device;
import dev.fovea.config.Precision;
import dev.fovea.engine.DeviceUnavailableException;
import dev.fovea.engine.Engine;
import dev.fovea.engine.EngineContractTest;
import dev.fovea.engine.EngineOptions;
import dev.fovea.engine.Trainer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class Nd4jEngineTest extends EngineContractTest {
  @Override
  protected Engine engine() {
    return new Nd4jEngine();
  }

  @Test
  void cudaWithoutItsBackendIsRefusedByName() {
    EngineOptions options = new EngineOptions(Device.of("cuda:1"), Precision.FP32, 1, false);
    assertThatThrownBy(() -> openSmall(options))
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessageContaining("cuda:1")
        .hasMessageContaining("CpuBackend");
  }

  @Test
  void bf16IsRefused() {
    EngineOptions options = new EngineOptions(Device.CPU, Precision.BF16, 1, false);
    assertThatThrownBy(() -> openSmall(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bf16")
        .hasMessageContaining("fp32");
  }

  @Test
  void twoTrainersAtOnceGiveTheBitsOfOneInAnotherJvm() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> train(start));
    CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> train(start));
    int elsewhere = Integer.parseInt(runInAnotherJvm().trim());
    assertThat(first.get()).isEqualTo(second.get()).isEqualTo(elsewhere);
  }

  @Test
  void residentMemoryStaysFlatOver200Steps() throws IOException {
    Path status = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.exists(status), "resident memory is read from /proc/self/status");
    try (Trainer trainer = openSmall(options())) {
      for (int step = 0; step < 20; step++) {
        trainThreeSteps(trainer);
      }
      long before = residentKilobytes(status);
      for (int step = 0; step < 67; step++) {
        trainThreeSteps(trainer);
      }
      assertThat(residentKilobytes(status) - before).as("growth in kB").isLessThan(16 * 1024);
    }
  }

  /** Trains alone and prints a hash of the parameters. */
  public static void main(String[] arguments) {
    System.out.println(new Nd4jEngineTest().train(new CyclicBarrier(1)));
  }

  private int train(CyclicBarrier start) {
    try (Trainer trainer = openSmall(EngineOptions.cpu(1))) {
      start.await();
      trainThreeSteps(trainer);
      return Arrays.hashCode(bits(trainer.parameters()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String runInAnotherJvm() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Nd4jEngineTest.class.getName());
    File errors = File.createTempFile("another-jvm", ".log");
    errors.deleteOnExit();
    Process process = new ProcessBuilder(command).redirectError(errors).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("exit code; see %s", errors).isZero();
    return output;
  }

  private static long residentKilobytes(Path status) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
