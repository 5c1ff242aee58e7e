package dev.fovea.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.engine.AdversarialFigures;
import dev.fovea.model.engine.AdversarialTrainer;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.nd4j.Nd4jEngine;
import dev.fovea.model.golden.TinyNetworks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Holds the two engines together in stage 2: the same networks, batches and steps, in fp32. */
class AdversarialEquivalenceTest {
  private static final EngineOptions FP32 = EngineOptions.cpu(2);

  private final TinyNetworks networks = new TinyNetworks(ReconstructionLoss.MSE);

  @Test
  void everyGradientIsEqual() {
    try (AdversarialTrainer one = open(new Nd4jEngine(), AdversarialTerm.ON, FP32);
        AdversarialTrainer other = open(new TorchEngine(), AdversarialTerm.ON, FP32)) {
      for (AdversarialTrainer trainer : List.of(one, other)) {
        trainer.accumulateCritic(networks.low(1, 4), networks.high(2, 4));
        trainer.accumulateUpscaler();
      }
      assertClose(
          networks.ofCritic(other.criticGradient()), networks.ofCritic(one.criticGradient()), 1e-4);
      assertClose(
          networks.ofUpscaler(other.upscalerGradient()),
          networks.ofUpscaler(one.upscalerGradient()),
          1e-4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tenAlternatingStepsAreEqual(AdversarialTerm term) {
    try (AdversarialTrainer one = open(new Nd4jEngine(), term, FP32);
        AdversarialTrainer other = open(new TorchEngine(), term, FP32)) {
      List<AdversarialFigures> expected = tenSteps(one);
      List<AdversarialFigures> actual = tenSteps(other);
      assertThat(actual).hasSize(10);
      for (int step = 0; step < 10; step++) {
        assertThat(actual.get(step).critic().loss())
            .isCloseTo(expected.get(step).critic().loss(), withPercentage(0.1));
        assertThat(actual.get(step).upscaler().isPresent()).isEqualTo(step > 0);
      }
      assertClose(
          networks.ofUpscaler(other.upscaler().parameters()),
          networks.ofUpscaler(one.upscaler().parameters()),
          1e-3);
      assertClose(
          networks.ofCritic(other.critic().parameters()),
          networks.ofCritic(one.critic().parameters()),
          1e-3);
      assertClose(
          TinyNetworks.state(networks.critic(), other.critic().updaterState()),
          TinyNetworks.state(networks.critic(), one.critic().updaterState()),
          1e-2);
    }
  }

  @Test
  void bf16IsNearFp32() {
    EngineOptions bf16 = new EngineOptions(Device.CPU, Precision.BF16, 2, false);
    try (AdversarialTrainer exact = open(new TorchEngine(), AdversarialTerm.ON, FP32);
        AdversarialTrainer rough = open(new TorchEngine(), AdversarialTerm.ON, bf16)) {
      for (AdversarialTrainer trainer : List.of(exact, rough)) {
        trainer.accumulateCritic(networks.low(1, 4), networks.high(2, 4));
        trainer.accumulateUpscaler();
      }
      assertThat(relativeError(rough.criticGradient(), exact.criticGradient()))
          .isPositive()
          .isLessThan(0.1);
      assertThat(relativeError(rough.upscalerGradient(), exact.upscalerGradient()))
          .isPositive()
          .isLessThan(0.1);
      exact.restore(networks.upscalerState(), networks.criticState());
      rough.restore(networks.upscalerState(), networks.criticState());
      assertThat(tenSteps(rough)).allMatch(AdversarialFigures::finite);
    }
  }

  @Test
  void theOptimiserOfLessMemoryGivesTheSameParameters() {
    EngineOptions lean = new EngineOptions(Device.CPU, Precision.FP32, 2, true);
    try (AdversarialTrainer usual = open(new TorchEngine(), AdversarialTerm.ON, FP32);
        AdversarialTrainer less = open(new TorchEngine(), AdversarialTerm.ON, lean)) {
      tenSteps(usual);
      tenSteps(less);
      assertClose(
          networks.ofCritic(less.critic().parameters()),
          networks.ofCritic(usual.critic().parameters()),
          1e-3);
    }
  }

  /** The first of them of warm-up, one of two mini-batches. */
  private List<AdversarialFigures> tenSteps(AdversarialTrainer trainer) {
    for (int step = 0; step < 10; step++) {
      double learningRate = 1e-2 / (1 + step);
      if (step == 5) {
        trainer.accumulateCritic(networks.low(50, 3), networks.high(51, 3));
        trainer.accumulateUpscaler();
      }
      trainer.accumulateCritic(networks.low(step, 4), networks.high(100 + step, 4));
      trainer.stepCritic(learningRate, 1);
      if (step > 0) {
        trainer.accumulateUpscaler();
        trainer.stepUpscaler(learningRate, 1);
      }
    }
    return trainer.drain();
  }

  private AdversarialTrainer open(Engine engine, AdversarialTerm term, EngineOptions options) {
    AdversarialTrainer trainer =
        engine.openAdversarialTrainer(
            networks.upscaler().getConfiguration(),
            networks.critic().getConfiguration(),
            term,
            options);
    trainer.restore(networks.upscalerState(), networks.criticState());
    return trainer;
  }

  private static void assertClose(
      Map<String, INDArray> actual, Map<String, INDArray> expected, double tolerance) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) -> {
          if (values.norm2Number().doubleValue() == 0) {
            assertThat(actual.get(name).norm2Number().doubleValue()).as(name).isZero();
          } else {
            assertThat(relativeError(actual.get(name), values)).as(name).isLessThan(tolerance);
          }
        });
  }

  private static double relativeError(INDArray actual, INDArray expected) {
    return actual.sub(expected).norm2Number().doubleValue() / expected.norm2Number().doubleValue();
  }
}
