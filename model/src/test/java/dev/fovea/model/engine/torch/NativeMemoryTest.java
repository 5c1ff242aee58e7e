package dev.fovea.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.graph.UpscalerGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Resident memory of the process over a long run. */
class NativeMemoryTest {
  private static final int BATCH = 4;
  private static final int SIZE = 64;
  private static final UpscalerConfig CONFIG =
      new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 16, 1, 2);

  /** One activation of the trunk: the least that a forgotten tensor would cost each step. */
  private static final long ACTIVATION = 4L * BATCH * CONFIG.numChannels() * SIZE * SIZE;

  private final INDArray low = Nd4j.rand(DataType.FLOAT, BATCH, 3, SIZE, SIZE);
  private final INDArray high = Nd4j.rand(DataType.FLOAT, BATCH, 3, 2 * SIZE, 2 * SIZE);
  private final ComputationGraph network = network(CONFIG);

  @Test
  void threeHundredStepsKeepMemoryFlat() {
    try (Trainer trainer =
        new TorchEngine().openTrainer(network.getConfiguration(), EngineOptions.cpu(2))) {
      assertThat(growth(() -> train(trainer, 50))).isLessThan(150 * ACTIVATION / 2);
    }
  }

  @Test
  void stepsLeaveNoNativeObjectToTheGarbageCollector() {
    try (Trainer trainer =
        new TorchEngine().openTrainer(network.getConfiguration(), EngineOptions.cpu(1))) {
      step(trainer);
      long before = Pointer.totalCount();
      for (int i = 0; i < 10; i++) {
        step(trainer);
      }
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void stepsReuseTheMemoryOfTheStepsBefore() {
    // More than one of the C library's heaps is large.
    ComputationGraph wide = network(new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 8, 4, 6));
    INDArray pictures = Nd4j.rand(DataType.FLOAT, 8, 3, 96, 96);
    INDArray targets = Nd4j.rand(DataType.FLOAT, 8, 3, 192, 192);
    long pagesOfAnActivation = 4L * 8 * 8 * 96 * 96 / 4096;
    try (Trainer trainer =
        new TorchEngine().openTrainer(wide.getConfiguration(), EngineOptions.cpu(1))) {
      trainer.restore(wide.params(), wide.getUpdater().getStateViewArray());
      // The least of several: the JVM touches pages of its own now and then.
      long fewest =
          LongStream.generate(
                  () ->
                      pageFaultsOf(
                          () -> {
                            trainer.accumulate(pictures, targets);
                            trainer.step(1e-3, 1);
                          }))
              .limit(10)
              .min()
              .getAsLong();
      assertThat(fewest).isLessThan(pagesOfAnActivation);
    }
  }

  @Test
  void upscalingKeepsMemoryFlat() {
    try (Upscaler upscaler =
        new TorchEngine().openUpscaler(CONFIG, network.params(), EngineOptions.cpu(2))) {
      // ND4J frees the memory of closed arrays, here the results, with the next garbage collection.
      assertThat(
              growth(
                  () -> {
                    upscale(upscaler, 50);
                    System.gc();
                  }))
          .isLessThan(150 * ACTIVATION / 2);
    }
  }

  @Test
  void closingEndsTheThread() throws InterruptedException {
    Trainer trainer =
        new TorchEngine().openTrainer(network.getConfiguration(), EngineOptions.cpu(1));
    Thread thread =
        Thread.getAllStackTraces().keySet().stream()
            .filter(candidate -> candidate.getName().equals("torch-trainer"))
            .findFirst()
            .orElseThrow();
    trainer.close();
    trainer.close();
    thread.join(10_000);
    assertThat(thread.isAlive()).isFalse();
  }

  private static ComputationGraph network(UpscalerConfig config) {
    return UpscalerGraph.initialised(
        UpscalerGraph.training(
            config, new LossConfig(ReconstructionLoss.MSE, 0.1), AdafactorConfig.of(1e-3, -0.8)),
        1);
  }

  /**
   * Does the work six times and answers by how much more memory the last three left resident than
   * the first three, at the least: the allocator gives memory back now and then.
   */
  private static long growth(Runnable work) {
    long[] resident = new long[6];
    for (int i = 0; i < resident.length; i++) {
      work.run();
      resident[i] = Pointer.physicalBytes();
    }
    return Arrays.stream(resident, 3, 6).min().getAsLong()
        - Arrays.stream(resident, 0, 3).min().getAsLong();
  }

  /** How many pages the kernel had to supply to the process while it did the work. */
  private static long pageFaultsOf(Runnable work) {
    long before = pageFaults();
    work.run();
    return pageFaults() - before;
  }

  private static long pageFaults() {
    try {
      String line = Files.readString(Path.of("/proc/self/stat"));
      // Fields are counted from behind the process' name; the eighth are its minor faults.
      return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[7]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rounds of 25 steps, each from parameters and state that came back from the round before. */
  private void train(Trainer trainer, int steps) {
    INDArray parameters = network.params().dup();
    INDArray state = network.getUpdater().getStateViewArray().dup();
    for (int step = 0; step < steps; step++) {
      if (step % 25 == 0) {
        trainer.restore(parameters, state);
      }
      step(trainer);
      if (step % 25 == 24) {
        parameters.close();
        state.close();
        parameters = trainer.parameters();
        state = trainer.updaterState();
        assertThat(trainer.drain()).hasSize(25);
      }
    }
    parameters.close();
    state.close();
  }

  private void step(Trainer trainer) {
    trainer.accumulate(low, high);
    trainer.step(1e-3, 1);
  }

  private void upscale(Upscaler upscaler, int times) {
    for (int i = 0; i < times; i++) {
      upscaler.upscale(low).close();
    }
  }
}
