package dev.fovea.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.golden.TinyNetworks;
import dev.fovea.model.loss.BinaryCrossEntropy;
import dev.fovea.model.loss.BinaryCrossEntropy.Target;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every engine has to do in stage 2, in fp32 on the CPU, with tiny networks. */
public abstract class AdversarialTrainerContractTest {
  private static final double NO_CLIPPING = 1e9;

  private final TinyNetworks networks = new TinyNetworks(ReconstructionLoss.MSE);

  /** The engine under test. */
  protected abstract Engine engine();

  private static EngineOptions options() {
    return EngineOptions.cpu(1);
  }

  @Test
  void criticsGradientIsThatOfItsGraph() {
    INDArray low = networks.low(1, 3);
    INDArray high = networks.high(2, 3);
    ComputationGraph critic = networks.critic();
    INDArray fake = networks.upscaler().outputSingle(low);
    Gradients expected = gradientOfBothPasses(critic, high, fake);
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      trainer.accumulateCritic(low, high);
      assertThat(relativeError(trainer.criticGradient(), expected.gradient())).isLessThan(1e-4);
      trainer.stepCritic(1e-3, NO_CLIPPING);
      AdversarialFigures.OfCritic figures = trainer.drain().get(0).critic();
      assertThat(figures.loss()).isCloseTo(expected.loss(), withPercentage(1e-3));
      assertThat(figures.accuracyOnReal()).isCloseTo(expected.onReal(), withPercentage(1e-3));
      assertThat(figures.accuracyOnFake()).isCloseTo(expected.onFake(), withPercentage(1e-3));
      assertThat(figures.gradientNorm())
          .isCloseTo(expected.gradient().norm2Number().doubleValue(), withPercentage(1e-2));
    }
  }

  @Test
  void bothPassesMoveTheRunningStatistics() {
    INDArray low = networks.low(1, 3);
    INDArray high = networks.high(2, 3);
    ComputationGraph critic = networks.critic();
    gradientOfBothPasses(critic, high, networks.upscaler().outputSingle(low));
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      trainer.accumulateCritic(low, high);
      Map<String, INDArray> actual = networks.ofCritic(trainer.critic().parameters());
      assertThat(actual).containsKey("stage1.0.norm_variance");
      Map<String, INDArray> expected = networks.ofCritic(critic.params());
      expected.keySet().removeIf(name -> !TinyNetworks.isStatistic(name));
      assertThat(expected).hasSize(2 * 5);
      expected.forEach(
          (name, values) ->
              assertThat(relativeError(actual.get(name), values)).as(name).isLessThan(1e-5));
    }
  }

  @Test
  void noOptimiserTouchesTheRunningStatistics() {
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      trainer.accumulateCritic(networks.low(1, 3), networks.high(2, 3));
      Map<String, INDArray> gradient = networks.ofCritic(trainer.criticGradient());
      Map<String, INDArray> before = networks.ofCritic(trainer.critic().parameters());
      trainer.stepCritic(1e-1, 1);
      Map<String, INDArray> after = networks.ofCritic(trainer.critic().parameters());
      before.forEach(
          (name, values) -> {
            if (TinyNetworks.isStatistic(name)) {
              assertThat(bits(after.get(name))).as(name).isEqualTo(bits(values));
              assertThat(gradient.get(name).amaxNumber().doubleValue()).as(name).isZero();
            } else {
              assertThat(bits(after.get(name))).as(name).isNotEqualTo(bits(values));
            }
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutTheCriticTheGradientIsThatOfStageOneOverItsLoss(ReconstructionLoss reconstruction) {
    TinyNetworks tiny = new TinyNetworks(reconstruction);
    INDArray low = tiny.low(1, 3);
    INDArray high = tiny.high(2, 3);
    try (AdversarialTrainer trainer = open(tiny, AdversarialTerm.OFF);
        Trainer stageOne = engine().openTrainer(tiny.upscaler().getConfiguration(), options())) {
      stageOne.restore(tiny.upscalerState().parameters(), tiny.upscalerState().updaterState());
      stageOne.accumulate(low, high);
      INDArray gradient = stageOne.gradient();
      stageOne.step(1e-3, NO_CLIPPING);
      StepFigures expected = stageOne.drain().get(0);
      double loss = expected.reconstruction() + tiny.loss().tvPenalty() * expected.totalVariation();

      trainer.accumulateCritic(low, high);
      trainer.stepCritic(1e-3, 1);
      trainer.accumulateUpscaler();
      assertThat(relativeError(trainer.upscalerGradient(), gradient.div(loss))).isLessThan(1e-5);
      trainer.stepUpscaler(1e-3, NO_CLIPPING);
      AdversarialFigures.OfUpscaler figures = trainer.drain().get(0).upscaler().orElseThrow();
      assertThat(figures.reconstruction())
          .isCloseTo(expected.reconstruction(), withPercentage(1e-3));
      assertThat(figures.totalVariation())
          .isCloseTo(expected.totalVariation(), withPercentage(1e-3));
      assertThat(figures.adversarial()).isPositive();
    }
  }

  @Test
  void theUpscalersPassTakesTheCriticThatHasStepped() {
    INDArray low = networks.low(1, 3);
    INDArray high = networks.high(2, 3);
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      trainer.accumulateCritic(low, high);
      trainer.stepCritic(1e-2, 1);
      NetworkState stepped = trainer.critic();
      trainer.accumulateUpscaler();
      trainer.stepUpscaler(1e-3, NO_CLIPPING);
      double adversarial = trainer.drain().get(0).upscaler().orElseThrow().adversarial();

      ComputationGraph critic = networks.critic();
      critic.setParams(stepped.parameters());
      INDArray fake = networks.upscaler().outputSingle(low);
      INDArray logits = critic.feedForward(new INDArray[] {fake}, true, false).get("logit");
      assertThat(adversarial)
          .isCloseTo(
              BinaryCrossEntropy.of(logits, Target.REAL, logits.ulike()).loss(),
              withPercentage(1e-3));
    }
  }

  @Test
  void theUpscalersPassLeavesNoGradientInTheCritic() {
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      trainer.accumulateCritic(networks.low(1, 3), networks.high(2, 3));
      float[] gradient = bits(trainer.criticGradient());
      Map<String, INDArray> before = networks.ofCritic(trainer.critic().parameters());
      trainer.accumulateUpscaler();
      assertThat(bits(trainer.criticGradient())).isEqualTo(gradient);
      networks
          .ofCritic(trainer.critic().parameters())
          .forEach(
              (name, values) -> {
                if (TinyNetworks.isStatistic(name)) {
                  assertThat(bits(values)).as(name).isNotEqualTo(bits(before.get(name)));
                } else {
                  assertThat(bits(values)).as(name).isEqualTo(bits(before.get(name)));
                }
              });
      trainer.stepCritic(1e-3, 1);
      trainer.stepUpscaler(1e-3, 1);
      assertThatThrownBy(trainer::criticGradient).hasMessageContaining("no mini-batch");
    }
  }

  @Test
  void warmUpLeavesTheUpscalerUntouched() {
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      for (int step = 0; step < 3; step++) {
        trainer.accumulateCritic(networks.low(step, 2), networks.high(10 + step, 2));
        trainer.stepCritic(1e-2, 1);
      }
      assertThat(bits(trainer.upscaler().parameters()))
          .isEqualTo(bits(networks.upscalerState().parameters()));
      assertThat(bits(trainer.upscaler().updaterState()))
          .isEqualTo(bits(networks.upscalerState().updaterState()));
      assertThat(trainer.drain())
          .hasSize(3)
          .allMatch(AdversarialFigures::finite)
          .allMatch(figures -> figures.upscaler().isEmpty());
    }
  }

  @Test
  void miniBatchesWeighByTheirSize() {
    INDArray low1 = networks.low(1, 1);
    INDArray high1 = networks.high(2, 1);
    INDArray low4 = networks.low(3, 4);
    INDArray high4 = networks.high(4, 4);
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      trainer.accumulateCritic(low1, high1);
      trainer.accumulateUpscaler();
      INDArray critic1 = trainer.criticGradient();
      INDArray upscaler1 = trainer.upscalerGradient();
      trainer.restore(networks.upscalerState(), networks.criticState());
      trainer.accumulateCritic(low4, high4);
      trainer.accumulateUpscaler();
      INDArray critic4 = trainer.criticGradient();
      INDArray upscaler4 = trainer.upscalerGradient();

      // Normalisation by the mini-batch does not look at the running statistics.
      trainer.restore(networks.upscalerState(), networks.criticState());
      trainer.accumulateCritic(low1, high1);
      trainer.accumulateUpscaler();
      trainer.accumulateCritic(low4, high4);
      trainer.accumulateUpscaler();
      assertThat(relativeError(trainer.criticGradient(), mean(critic1, 1, critic4, 4)))
          .isLessThan(1e-5);
      assertThat(relativeError(trainer.upscalerGradient(), mean(upscaler1, 1, upscaler4, 4)))
          .isLessThan(1e-5);
    }
  }

  /** Twice the same pictures have the same mean and variance, so nothing else may differ. */
  @Test
  void miniBatchesOfEqualStatisticsEqualOneOfThem() {
    INDArray low = networks.low(1, 2);
    INDArray high = networks.high(2, 2);
    INDArray low4 = Nd4j.concat(0, low, low);
    INDArray high4 = Nd4j.concat(0, high, high);
    try (AdversarialTrainer whole = open(AdversarialTerm.ON);
        AdversarialTrainer parts = open(AdversarialTerm.ON)) {
      whole.accumulateCritic(Nd4j.concat(0, low, low4), Nd4j.concat(0, high, high4));
      whole.accumulateUpscaler();
      parts.accumulateCritic(low, high);
      parts.accumulateUpscaler();
      parts.accumulateCritic(low4, high4);
      parts.accumulateUpscaler();
      assertThat(relativeError(parts.criticGradient(), whole.criticGradient())).isLessThan(1e-4);
      assertThat(relativeError(parts.upscalerGradient(), whole.upscalerGradient()))
          .isLessThan(1e-4);
    }
  }

  @Test
  void eachNetworkIsClippedByItsOwnNorm() {
    try (AdversarialTrainer free = open(AdversarialTerm.ON);
        AdversarialTrainer clipped = open(AdversarialTerm.ON)) {
      AdversarialFigures first = step(free, NO_CLIPPING, NO_CLIPPING);
      double norm = first.critic().gradientNorm();
      AdversarialFigures second = step(clipped, norm / 10, NO_CLIPPING);
      assertThat(second.critic()).isEqualTo(first.critic());
      // The first step's second moments are the squares of the gradient.
      Map<String, INDArray> expected = variances(networks.critic(), free.critic());
      variances(networks.critic(), clipped.critic())
          .forEach(
              (name, values) ->
                  assertThat(relativeError(values, expected.get(name).div(100)))
                      .as(name)
                      .isLessThan(1e-4));

      clipped.restore(networks.upscalerState(), networks.criticState());
      step(clipped, NO_CLIPPING, first.upscaler().orElseThrow().gradientNorm() / 10);
      assertThat(bits(clipped.critic().updaterState()))
          .isEqualTo(bits(free.critic().updaterState()));
      Map<String, INDArray> unclipped = variances(networks.upscaler(), free.upscaler());
      variances(networks.upscaler(), clipped.upscaler())
          .forEach(
              (name, values) ->
                  assertThat(relativeError(values, unclipped.get(name).div(100)))
                      .as(name)
                      .isLessThan(1e-4));
    }
  }

  @Test
  void repeatsItselfBitByBitAfterRestore() {
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      List<AdversarialFigures> first = train(trainer);
      NetworkState upscaler = trainer.upscaler();
      NetworkState critic = trainer.critic();
      trainer.restore(networks.upscalerState(), networks.criticState());
      assertThat(train(trainer)).isEqualTo(first);
      assertThat(bits(trainer.upscaler().parameters())).isEqualTo(bits(upscaler.parameters()));
      assertThat(bits(trainer.upscaler().updaterState())).isEqualTo(bits(upscaler.updaterState()));
      assertThat(bits(trainer.critic().parameters())).isEqualTo(bits(critic.parameters()));
      assertThat(bits(trainer.critic().updaterState())).isEqualTo(bits(critic.updaterState()));
      assertThat(first).hasSize(4).allMatch(AdversarialFigures::finite);
      assertThat(first.get(0).upscaler()).isEmpty();
      assertThat(first.subList(1, 4)).allMatch(figures -> figures.upscaler().isPresent());
      assertThat(trainer.drain()).isEmpty();
    }
  }

  @Test
  void aRunGoesOnFromWhatItGave() {
    try (AdversarialTrainer whole = open(AdversarialTerm.ON);
        AdversarialTrainer resumed = open(AdversarialTerm.ON)) {
      step(whole, 1, 1);
      resumed.restore(whole.upscaler(), whole.critic());
      assertThat(train(resumed)).isEqualTo(train(whole));
      assertThat(bits(resumed.upscaler().parameters()))
          .isEqualTo(bits(whole.upscaler().parameters()));
      assertThat(bits(resumed.critic().parameters())).isEqualTo(bits(whole.critic().parameters()));
    }
  }

  @Test
  void picturesMayBeOverwrittenAfterTheCall() {
    INDArray low = networks.low(1, 3);
    INDArray high = networks.high(2, 3);
    try (AdversarialTrainer one = open(AdversarialTerm.ON);
        AdversarialTrainer other = open(AdversarialTerm.ON)) {
      one.accumulateCritic(low, high);
      other.accumulateCritic(low, high);
      one.accumulateUpscaler();
      low.assign(0.5);
      high.assign(0.5);
      other.accumulateUpscaler();
      assertThat(bits(other.upscalerGradient())).isEqualTo(bits(one.upscalerGradient()));
    }
  }

  @Test
  void restoreForgetsBatchesGradientsAndFigures() {
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      step(trainer, 1, 1);
      trainer.accumulateCritic(networks.low(1, 2), networks.high(2, 2));
      trainer.accumulateUpscaler();
      trainer.stepCritic(1e-3, 1);
      trainer.accumulateCritic(networks.low(3, 2), networks.high(4, 2));
      trainer.restore(networks.upscalerState(), networks.criticState());
      assertThat(trainer.drain()).isEmpty();
      assertThatThrownBy(trainer::accumulateUpscaler).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> trainer.stepCritic(1e-3, 1))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> trainer.stepUpscaler(1e-3, 1))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void stepsInAnotherOrderAreRefused() {
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      assertThatThrownBy(() -> trainer.stepCritic(1e-3, 1)).hasMessageContaining("no mini-batch");
      assertThatThrownBy(trainer::accumulateUpscaler).hasMessageContaining("no mini-batch");
      assertThatThrownBy(trainer::upscalerGradient).hasMessageContaining("no mini-batch");
      assertThatThrownBy(trainer::criticGradient).hasMessageContaining("no mini-batch");
      trainer.accumulateCritic(networks.low(1, 2), networks.high(2, 2));
      trainer.accumulateUpscaler();
      assertThatThrownBy(trainer::accumulateUpscaler).hasMessageContaining("no mini-batch");
      assertThatThrownBy(() -> trainer.stepUpscaler(1e-3, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("critic has not stepped");
      trainer.stepCritic(1e-3, 1);
      trainer.stepUpscaler(1e-3, 1);
      assertThat(trainer.drain()).hasSize(1);
    }
  }

  @Test
  void whatIsGivenAndTakenAreCopies() {
    NetworkState upscaler = networks.upscalerState();
    NetworkState critic = networks.criticState();
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      trainer.restore(upscaler, critic);
      // While a mini-batch is waiting for the upscaler.
      trainer.accumulateCritic(networks.low(1, 2), networks.high(2, 2));
      NetworkState given = trainer.critic();
      float[] kept = bits(given.parameters());
      float[] gradient = bits(trainer.criticGradient());
      INDArray copy = trainer.criticGradient();
      step(trainer, 1, 1);
      step(trainer, 1, 1);
      assertThat(bits(given.parameters())).isEqualTo(kept);
      assertThat(bits(copy)).isEqualTo(gradient);
      critic.parameters().assign(0);
      assertThat(trainer.critic().parameters().amaxNumber().doubleValue()).isPositive();
      assertThat(given.parameters().shape()).containsExactly(1, networks.critic().numParams());
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 7", "8, 8", "4, 9"})
  void anySizeOfPictureWillDo(int height, int width) {
    INDArray low = networks.pictures(1, 2, height, width);
    INDArray high = networks.pictures(2, 2, 2 * height, 2 * width);
    Gradients expected =
        gradientOfBothPasses(networks.critic(), high, networks.upscaler().outputSingle(low));
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      trainer.accumulateCritic(low, high);
      assertThat(relativeError(trainer.criticGradient(), expected.gradient())).isLessThan(1e-4);
      trainer.stepCritic(1e-3, 1);
      trainer.accumulateUpscaler();
      trainer.stepUpscaler(1e-3, 1);
      assertThat(trainer.drain().get(0).finite()).isTrue();
    }
  }

  @Test
  void aNanShowsInTheFigures() {
    INDArray low = networks.low(1, 2);
    low.putScalar(new int[] {0, 1, 4, 4}, Float.NaN);
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      trainer.accumulateCritic(low, networks.high(2, 2));
      trainer.stepCritic(1e-3, 1);
      assertThat(trainer.drain().get(0).finite()).isFalse();
    }
  }

  @Test
  void wrongShapesAreNamedAndDoNoHarm() {
    NetworkState upscaler = networks.upscalerState();
    NetworkState critic = networks.criticState();
    NetworkState wrong = new NetworkState(Nd4j.zeros(1, 7), Nd4j.zeros(1, 7));
    try (AdversarialTrainer trainer = open(AdversarialTerm.ON)) {
      assertThatThrownBy(() -> trainer.restore(wrong, critic))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("upscaler's parameters")
          .hasMessageContaining("7");
      assertThatThrownBy(() -> trainer.restore(upscaler, wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("critic's parameters");
      assertThatThrownBy(() -> trainer.accumulateCritic(networks.low(1, 2), networks.low(1, 2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[2, 3, 8, 8]")
          .hasMessageContaining("[2, 3, 16, 16]");
      assertThatThrownBy(
              () ->
                  trainer.accumulateCritic(
                      Nd4j.zeros(DataType.FLOAT, 1, 1, 8, 8), networks.high(1, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[1, 1, 8, 8]");
      assertThatThrownBy(trainer::accumulateUpscaler).isInstanceOf(IllegalStateException.class);
      float[] after = train(trainer).stream().map(f -> (float) f.critic().loss()).collect(FLOATS);
      trainer.restore(upscaler, critic);
      assertThat(train(trainer).stream().map(f -> (float) f.critic().loss()).collect(FLOATS))
          .isEqualTo(after);
    }
  }

  // Material

  private static final java.util.stream.Collector<Float, ?, float[]> FLOATS =
      java.util.stream.Collectors.collectingAndThen(
          java.util.stream.Collectors.toList(),
          list -> {
            float[] values = new float[list.size()];
            for (int i = 0; i < values.length; i++) {
              values[i] = list.get(i);
            }
            return values;
          });

  private record Gradients(INDArray gradient, double loss, double onReal, double onFake) {}

  /** By DL4J itself, which moves the network's running statistics. */
  private static Gradients gradientOfBothPasses(
      ComputationGraph critic, INDArray real, INDArray fake) {
    INDArray sum = critic.getFlattenedGradients().ulike();
    BinaryCrossEntropy onReal = backward(critic, real, Target.REAL);
    sum.assign(critic.getFlattenedGradients());
    BinaryCrossEntropy onFake = backward(critic, fake, Target.FAKE);
    sum.addi(critic.getFlattenedGradients()).muli(0.5);
    return new Gradients(
        sum, (onReal.loss() + onFake.loss()) / 2, onReal.accuracy(), onFake.accuracy());
  }

  private static BinaryCrossEntropy backward(
      ComputationGraph critic, INDArray pictures, Target target) {
    INDArray logits = critic.feedForward(new INDArray[] {pictures}, true, false).get("logit");
    INDArray gradient = logits.ulike();
    BinaryCrossEntropy figures = BinaryCrossEntropy.of(logits, target, gradient);
    critic.backpropGradient(gradient);
    return figures;
  }

  /** One alternating step on one mini-batch. */
  private AdversarialFigures step(
      AdversarialTrainer trainer, double criticNorm, double upscalerNorm) {
    trainer.accumulateCritic(networks.low(21, 3), networks.high(22, 3));
    trainer.stepCritic(1e-3, criticNorm);
    trainer.accumulateUpscaler();
    trainer.stepUpscaler(1e-3, upscalerNorm);
    return trainer.drain().get(0);
  }

  /** A step of warm-up, two ordinary ones of which one has two mini-batches, and another one. */
  private List<AdversarialFigures> train(AdversarialTrainer trainer) {
    trainer.accumulateCritic(networks.low(1, 2), networks.high(11, 2));
    trainer.stepCritic(1e-2, 1);
    for (int step = 2; step < 5; step++) {
      if (step == 3) {
        trainer.accumulateCritic(networks.low(30, 3), networks.high(31, 3));
        trainer.accumulateUpscaler();
      }
      trainer.accumulateCritic(networks.low(step, 2), networks.high(10 + step, 2));
      trainer.stepCritic(1e-2 / step, 1);
      trainer.accumulateUpscaler();
      trainer.stepUpscaler(1e-2 / step, 0.5);
    }
    return trainer.drain();
  }

  private AdversarialTrainer open(AdversarialTerm term) {
    return open(networks, term);
  }

  private AdversarialTrainer open(TinyNetworks tiny, AdversarialTerm term) {
    AdversarialTrainer trainer =
        engine()
            .openAdversarialTrainer(
                tiny.upscaler().getConfiguration(),
                tiny.critic().getConfiguration(),
                term,
                options());
    trainer.restore(tiny.upscalerState(), tiny.criticState());
    return trainer;
  }

  private static Map<String, INDArray> variances(ComputationGraph network, NetworkState state) {
    Map<String, INDArray> parts = TinyNetworks.state(network, state.updaterState());
    parts.keySet().removeIf(name -> name.endsWith(".step"));
    return parts;
  }

  private static INDArray mean(INDArray a, int weight, INDArray b, int otherWeight) {
    return a.mul(weight).addi(b.mul(otherWeight)).divi(weight + otherWeight);
  }

  private static float[] bits(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static double relativeError(INDArray actual, INDArray expected) {
    return actual.reshape('c', expected.shape()).sub(expected).norm2Number().doubleValue()
        / expected.norm2Number().doubleValue();
  }
}
