package dev.fovea.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.AdversarialFigures;
import dev.fovea.model.engine.AdversarialTrainer;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.NetworkState;
import dev.fovea.model.golden.TinyNetworks;
import dev.fovea.model.graph.CriticGraph;
import dev.fovea.model.graph.DoublePrecision;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Finite differences of the losses of stage 2, in double precision, through whole networks. */
class AdversarialGradientTest {
  private static final double STEP = 1e-6;
  private static final LossConfig LOSS = new LossConfig(ReconstructionLoss.MSE, 0.5);

  private final ComputationGraph upscaler =
      UpscalerGraph.initialised(
          DoublePrecision.upscaler(new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 3, 1, 1), LOSS), 3);
  private final ComputationGraph critic =
      CriticGraph.initialised(DoublePrecision.critic(new CriticConfig(2, List.of(2, 1))), 4);
  private final AdversarialTrainer trainer =
      new Nd4jEngine()
          .openAdversarialTrainer(
              upscaler.getConfiguration(),
              critic.getConfiguration(),
              AdversarialTerm.ON,
              EngineOptions.cpu(1));

  /** Wide enough for the clamp to act. */
  private final INDArray low = random(1, 3, 3, 6, 7).muli(1.2).subi(0.1);

  private final INDArray high = random(2, 3, 3, 12, 14);

  @AfterEach
  void close() {
    trainer.close();
  }

  @Test
  void theUpscalersGradientIsTheSlopeOfBothTermsThroughTheCritic() {
    AdversarialFigures.OfUpscaler start = figures().upscaler().orElseThrow();
    // The divisors count as constants.
    check(
        upscaler,
        trainer::upscalerGradient,
        figures -> {
          AdversarialFigures.OfUpscaler now = figures.upscaler().orElseThrow();
          return reconstruction(now) / reconstruction(start)
              + now.adversarial() / start.adversarial();
        });
  }

  @Test
  void theCriticsGradientIsTheSlopeOfItsLoss() {
    check(critic, trainer::criticGradient, figures -> figures.critic().loss());
  }

  private static double reconstruction(AdversarialFigures.OfUpscaler figures) {
    return figures.reconstruction() + LOSS.tvPenalty() * figures.totalVariation();
  }

  /** Compares up to three elements of each parameter, spread over it. */
  private void check(
      ComputationGraph network,
      java.util.function.Supplier<INDArray> gradientOf,
      ToDoubleFunction<AdversarialFigures> loss) {
    accumulate();
    ComputationGraph named = new ComputationGraph(network.getConfiguration().clone());
    named.init(gradientOf.get(), false);
    Map<String, INDArray> gradients = named.paramTable();
    int checked = 0;
    for (Map.Entry<String, INDArray> entry : network.paramTable().entrySet()) {
      if (TinyNetworks.isStatistic(entry.getKey())) {
        continue;
      }
      INDArray parameter = entry.getValue();
      INDArray gradient = gradients.get(entry.getKey());
      long stride = Math.max(1, parameter.length() / 3) | 1;
      double difference = 0;
      double norm = 0;
      for (long i = 0; i < parameter.length(); i += stride) {
        double value = parameter.getDouble(i);
        parameter.putScalar(i, value + STEP);
        double above = loss.applyAsDouble(figures());
        parameter.putScalar(i, value - STEP);
        double below = loss.applyAsDouble(figures());
        parameter.putScalar(i, value);
        difference += Math.pow((above - below) / (2 * STEP) - gradient.getDouble(i), 2);
        norm += Math.pow(gradient.getDouble(i), 2);
      }
      assertThat(norm).as(entry.getKey()).isPositive();
      assertThat(Math.sqrt(difference / norm)).as(entry.getKey()).isLessThan(1e-5);
      checked++;
    }
    assertThat(checked).isGreaterThanOrEqualTo(12);
  }

  /** Of a step that starts from what the two networks hold now. */
  private AdversarialFigures figures() {
    accumulate();
    trainer.stepCritic(1e-3, 1);
    trainer.stepUpscaler(1e-3, 1);
    return trainer.drain().get(0);
  }

  /** The upscaler's pass takes the critic before its step, which would follow the upscaler. */
  private void accumulate() {
    trainer.restore(state(upscaler), state(critic));
    trainer.accumulateCritic(low, high);
    trainer.accumulateUpscaler();
  }

  private static NetworkState state(ComputationGraph network) {
    return new NetworkState(network.params(), network.getUpdater().getStateViewArray());
  }

  private static INDArray random(long seed, int... shape) {
    int length = 1;
    for (int size : shape) {
      length *= size;
    }
    return Nd4j.createFromArray(new Random(seed).doubles(length).toArray()).reshape('c', shape);
  }
}
