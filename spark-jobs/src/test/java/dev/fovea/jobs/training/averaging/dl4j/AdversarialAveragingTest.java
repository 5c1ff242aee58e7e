package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.averaging.AdversarialProcedure;
import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.Phase;
import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.AdversarialFigures;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.graph.CriticGraph;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An upscaler and a critic are averaged in the same rounds. */
class AdversarialAveragingTest {
  private static final AdafactorConfig ADAFACTOR = AdafactorConfig.of(0.01, -0.8);
  private static final NumberedSource SOURCE = new NumberedSource(NumberedSource.Fault.NONE, -1, 8);

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalCluster.threads(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static final class Pair {
    final ComputationGraph upscaler =
        UpscalerGraph.initialised(
            UpscalerGraph.training(
                new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 4, 1, 1),
                new LossConfig(ReconstructionLoss.MSE, 0.5),
                ADAFACTOR),
            5);
    final ComputationGraph critic =
        CriticGraph.initialised(
            CriticGraph.training(new CriticConfig(2, List.of(1, 1)), ADAFACTOR), 5);

    AveragingRun<AdversarialFigures> run(String engine) {
      return AveragingRun.start(
          spark,
          List.of(upscaler, critic),
          new AdversarialProcedure(
              upscaler.getConfiguration(), critic.getConfiguration(), AdversarialTerm.ON),
          new AveragingSettings(engine, EngineOptions.cpu(1), 1),
          SOURCE);
    }

    List<float[]> bits() {
      List<float[]> bits = new ArrayList<>();
      for (ComputationGraph network : List.of(upscaler, critic)) {
        for (INDArray vector :
            List.of(network.params(), network.getUpdater().getStateViewArray())) {
          bits.add(vector.dup('c').data().asFloat());
        }
      }
      return bits;
    }
  }

  /** Steps in two phases: the critic's warm-up, then both networks. */
  private static List<StepPlan> steps() {
    List<StepPlan> steps = new ArrayList<>();
    for (StepPlan plan : NumberedSource.steps(12, 3, 2, 2)) {
      Phase phase = plan.number() <= 2 ? Phase.WARM_UP : Phase.ADVERSARIAL;
      steps.add(new StepPlan(plan.number(), new Instruction(phase, .01, .02), plan.batches()));
    }
    return steps;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "torch"})
  void twoWorkersOnIdenticalDataEndBitEqualToOne(String engine) {
    Pair alone = new Pair();
    Pair together = new Pair();
    List<float[]> before = alone.bits();
    List<AdversarialFigures> ofOne = new ArrayList<>();
    List<AdversarialFigures> ofTwo = new ArrayList<>();
    try (AveragingRun<AdversarialFigures> one = alone.run(engine);
        AveragingRun<AdversarialFigures> two = together.run(engine)) {
      for (int from = 0; from < 6; from += 2) {
        List<StepPlan> round = steps().subList(from, from + 2);
        List<StepPlan> twice = new ArrayList<>(round);
        twice.addAll(round);
        ofOne.addAll(one.round(round, 1).figures());
        ofTwo.addAll(two.round(twice, 2).figures());
      }
    }

    assertThat(together.bits()).usingRecursiveComparison().isEqualTo(alone.bits());
    for (int i = 0; i < before.size(); i++) {
      assertThat(alone.bits().get(i)).as("vector %d was trained", i).isNotEqualTo(before.get(i));
    }
    assertThat(ofTwo).hasSize(12);
    assertThat(ofTwo.subList(4, 6)).isEqualTo(ofTwo.subList(6, 8));
    assertThat(ofOne.subList(4, 6)).isEqualTo(ofTwo.subList(8, 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "torch"})
  void oneWorkersNetworksDoNotDependOnTheCutIntoRounds(String engine) {
    Pair whole = new Pair();
    Pair cut = new Pair();
    try (AveragingRun<AdversarialFigures> once = whole.run(engine);
        AveragingRun<AdversarialFigures> often = cut.run(engine)) {
      once.round(steps(), 1);
      often.round(steps().subList(0, 1), 1);
      often.round(steps().subList(1, 4), 1);
      often.round(steps().subList(4, 6), 1);
    }

    assertThat(cut.bits()).usingRecursiveComparison().isEqualTo(whole.bits());
  }

  @Test
  void upscalerStandsStillWhileTheCriticWarmsUp() {
    Pair pair = new Pair();
    List<float[]> before = pair.bits();
    try (AveragingRun<AdversarialFigures> run = pair.run("nd4j")) {
      RoundResult<AdversarialFigures> warmUp = run.round(steps().subList(0, 2), 2);

      assertThat(warmUp.figures()).hasSize(2).allMatch(each -> each.upscaler().isEmpty());
      assertThat(pair.bits().get(0)).isEqualTo(before.get(0));
      assertThat(pair.bits().get(1)).isEqualTo(before.get(1));
      assertThat(pair.bits().get(2)).isNotEqualTo(before.get(2));

      RoundResult<AdversarialFigures> both = run.round(steps().subList(2, 4), 2);

      assertThat(both.figures()).allMatch(each -> each.upscaler().isPresent());
      assertThat(pair.bits().get(0)).isNotEqualTo(before.get(0));
    }
  }

  @Test
  void bothNetworksAreAveragedByTheSamplesOfTheirWorkers() {
    List<StepPlan> steps = steps().subList(2, 6);
    Pair first = new Pair();
    Pair second = new Pair();
    Pair both = new Pair();
    try (AveragingRun<AdversarialFigures> one = first.run("nd4j");
        AveragingRun<AdversarialFigures> other = second.run("nd4j");
        AveragingRun<AdversarialFigures> two = both.run("nd4j")) {
      one.round(steps.subList(0, 2), 1);
      other.round(steps.subList(2, 4), 1);
      two.round(steps, 2);
    }

    // Three pictures a mini-batch, two mini-batches a step; the very last has two pictures.
    for (int vector = 0; vector < 4; vector++) {
      float[] a = first.bits().get(vector);
      float[] b = second.bits().get(vector);
      float[] mean = new float[a.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (float) ((12.0 * a[i] + 11.0 * b[i]) / 23.0);
      }
      assertThat(both.bits().get(vector)).as("vector %d", vector).isEqualTo(mean);
    }
  }
}
