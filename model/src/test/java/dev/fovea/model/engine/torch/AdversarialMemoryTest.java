package dev.fovea.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.engine.AdversarialTrainer;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.golden.TinyNetworks;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Memory of stage 2 over a long run. */
class AdversarialMemoryTest {
  private static final int BATCH = 4;
  private static final int SIZE = 128;

  /** The critic's input in its own layout: about the least that a forgotten pass would cost. */
  private static final long PICTURES = 4L * BATCH * 3 * SIZE * SIZE;

  private final TinyNetworks networks = new TinyNetworks(ReconstructionLoss.MSE);
  private final INDArray low = networks.pictures(1, BATCH, SIZE / 2, SIZE / 2);
  private final INDArray high = networks.pictures(2, BATCH, SIZE, SIZE);
  private final AdversarialTrainer trainer =
      new TorchEngine()
          .openAdversarialTrainer(
              networks.upscaler().getConfiguration(),
              networks.critic().getConfiguration(),
              AdversarialTerm.ON,
              EngineOptions.cpu(1));

  @AfterEach
  void close() {
    trainer.close();
  }

  @Test
  void hundredsOfStepsKeepMemoryFlat() {
    trainer.restore(networks.upscalerState(), networks.criticState());
    // The first are the virtual machine's to warm up in.
    long[] resident = new long[7];
    for (int i = 0; i < resident.length; i++) {
      for (int step = 0; step < 40; step++) {
        step(step % 10 == 0);
      }
      assertThat(trainer.drain()).hasSize(40);
      resident[i] = Pointer.physicalBytes();
    }
    long growth =
        Arrays.stream(resident, 4, 7).min().getAsLong()
            - Arrays.stream(resident, 1, 4).min().getAsLong();
    assertThat(growth).isLessThan(120 * PICTURES / 2);
  }

  @Test
  void stepsLeaveNoNativeObjectToTheGarbageCollector() {
    trainer.restore(networks.upscalerState(), networks.criticState());
    step(false);
    long before = Pointer.totalCount();
    for (int i = 0; i < 10; i++) {
      step(i % 3 == 1);
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  private void step(boolean criticAlone) {
    trainer.accumulateCritic(low, high);
    trainer.stepCritic(1e-3, 1);
    if (!criticAlone) {
      trainer.accumulateUpscaler();
      trainer.stepUpscaler(1e-3, 1);
    }
  }
}
