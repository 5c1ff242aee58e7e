package dev.fovea.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.engine.DeviceUnavailableException;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineContractTest;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Trainer;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Nd4jEngineTest extends EngineContractTest {
  private static final Path STATUS = Path.of("/proc/self/status");

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
  void gpusThatItsBinariesHaveNoCodeForAreRefused() {
    Device device = Device.of("cuda:2");
    for (int[] supported : new int[][] {{3, 7}, {7, 5}, {8, 0}, {8, 9}}) {
      Nd4jEngine.requireCapability(device, supported[0], supported[1]);
    }
    assertThatThrownBy(() -> Nd4jEngine.requireCapability(device, 9, 0))
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessageContaining("cuda:2")
        .hasMessageContaining("9.0")
        .hasMessageContaining("3.7 to 8.9");
    assertThatThrownBy(() -> Nd4jEngine.requireCapability(device, 3, 5))
        .isInstanceOf(DeviceUnavailableException.class);
  }

  @Test
  void bf16IsRefused() {
    EngineOptions options = new EngineOptions(Device.CPU, Precision.BF16, 1, false);
    assertThatThrownBy(() -> openSmall(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bf16")
        .hasMessageContaining("fp32");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void twoTrainersAtOnceGiveTheBitsOfOneInAnotherJvm(int threads) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> train(start, threads));
    CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> train(start, threads));
    int elsewhere = (int) runInAnotherJvm("train", Integer.toString(threads));
    assertThat(first.get()).isEqualTo(second.get()).isEqualTo(elsewhere);
  }

  @Test
  void nativeMemoryStaysFlatOver200Steps() throws Exception {
    Assumptions.assumeTrue(Files.exists(STATUS), "resident memory is read from " + STATUS);
    // One array of a hidden layer lost in each step would be 38 MiB.
    assertThat(runInAnotherJvm("measure")).as("growth in kB").isLessThan(20 * 1024);
  }

  /** Does on its own what a test wants done in another JVM, and prints a number. */
  public static void main(String[] arguments) throws IOException {
    Nd4jEngineTest test = new Nd4jEngineTest();
    if (arguments[0].equals("train")) {
      System.out.println(test.train(new CyclicBarrier(1), Integer.parseInt(arguments[1])));
      return;
    }
    INDArray low = Nd4j.rand(DataType.FLOAT, 4, 3, 32, 32);
    INDArray high = Nd4j.rand(DataType.FLOAT, 4, 3, 64, 64);
    long before = 0;
    try (Trainer trainer = test.openSmall(EngineOptions.cpu(1))) {
      for (int step = 0; step < 300; step++) {
        if (step == 100) {
          before = residentKilobytes();
        }
        trainer.accumulate(low, high);
        trainer.step(1e-3, 1);
      }
    }
    System.out.println(residentKilobytes() - before);
  }

  private int train(CyclicBarrier start, int threads) {
    try (Trainer trainer = openSmall(EngineOptions.cpu(threads))) {
      start.await();
      trainThreeSteps(trainer);
      return Arrays.hashCode(bits(trainer.parameters()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The heap is resident from the start there, so that only native memory can grow. */
  private static long runInAnotherJvm(String... work) throws IOException, InterruptedException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        new ArrayList<>(
            List.of(java.toString(), "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-cp"));
    command.add(classPath);
    command.add(Nd4jEngineTest.class.getName());
    command.addAll(List.of(work));
    File errors = File.createTempFile("another-jvm", ".log");
    errors.deleteOnExit();
    Process process = new ProcessBuilder(command).redirectError(errors).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors.toPath())).isZero();
    return Long.parseLong(output.trim());
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
