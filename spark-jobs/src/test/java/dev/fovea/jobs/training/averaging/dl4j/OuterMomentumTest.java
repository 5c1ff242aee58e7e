package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.training.averaging.AveragingSettings;
import dev.fovea.jobs.training.averaging.OuterMomentum;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.StepFigures;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class OuterMomentumTest {
  private static final OuterMomentum OUTER = new OuterMomentum(0.5, 0.75);
  private static final List<StepPlan> STEPS = NumberedSource.steps(12, 4, 1, 2);
  private static final int PER_ROUND = 4;

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalCluster.threads(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void roundsFollowTheFormula() {
    ComputationGraph network = DenseEngine.network();
    ComputationGraph plain = DenseEngine.network();
    double[] velocity = new double[Math.toIntExact(network.numParams())];
    try (AveragingRun<StepFigures> run = open(network, OUTER)) {
      for (int round = 0; round < 3; round++) {
        float[] start = values(network);
        // What plain averaging makes of the same start.
        plain.params().assign(network.params());
        plain.getUpdater().getStateViewArray().assign(network.getUpdater().getStateViewArray());
        try (AveragingRun<StepFigures> alone = open(plain, OuterMomentum.OFF)) {
          alone.round(steps(round), 2);
        }
        float[] mean = values(plain);
        double rate =
            steps(round).stream()
                .mapToDouble(step -> step.instruction().learningRate())
                .average()
                .orElseThrow();

        run.round(steps(round), 2);

        float[] reached = values(network);
        for (int i = 0; i < reached.length; i++) {
          velocity[i] = 0.5 * velocity[i] + (start[i] - mean[i]) / rate;
          assertThat((double) reached[i])
              .isCloseTo(start[i] - 0.75 * rate * velocity[i], within(start[i]));
        }
        assertThat(network.getUpdater().getStateViewArray())
            .isEqualTo(plain.getUpdater().getStateViewArray());
      }
    }
  }

  @Test
  void switchedOffItIsPlainAveragingAndKeepsNothing() {
    ComputationGraph network = DenseEngine.network();
    ComputationGraph plain = DenseEngine.network();
    try (AveragingRun<StepFigures> off = open(network, new OuterMomentum(0, 1));
        AveragingRun<StepFigures> stock =
            TestNetworks.start(
                spark,
                plain,
                new AveragingSettings("dense", EngineOptions.cpu(1), 100),
                NumberedSource.sound())) {
      off.round(steps(0), 2);
      stock.round(steps(0), 2);
      assertThat(off.outerVelocity()).isEmpty();
    }
    assertThat(values(network)).isEqualTo(values(plain));
  }

  @Test
  void aRunThatGoesOnWithItsVelocityEndsWithTheSameBits() {
    ComputationGraph whole = DenseEngine.network();
    try (AveragingRun<StepFigures> run = open(whole, OUTER)) {
      for (int round = 0; round < 3; round++) {
        run.round(steps(round), 2);
      }
    }
    ComputationGraph parts = DenseEngine.network();
    INDArray velocity;
    try (AveragingRun<StepFigures> run = open(parts, OUTER)) {
      run.round(steps(0), 2);
      velocity = run.outerVelocity().orElseThrow();
    }
    try (AveragingRun<StepFigures> run = open(parts, OUTER)) {
      run.restoreOuterVelocity(velocity);
      run.round(steps(1), 2);
      run.round(steps(2), 2);
    }

    assertThat(values(parts)).isEqualTo(values(whole));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "-0.1,1", "NaN,1", "0.5,0", "0.5,Infinity"})
  void valuesOutsideTheirRangeAreNamed(double momentum, double learningRate) {
    assertThatThrownBy(() -> new OuterMomentum(momentum, learningRate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(momentum == 0.5 ? learningRate : momentum));
  }

  private static AveragingRun<StepFigures> open(ComputationGraph network, OuterMomentum outer) {
    return TestNetworks.start(
        spark,
        network,
        new AveragingSettings("dense", EngineOptions.cpu(1), 100, outer),
        NumberedSource.sound());
  }

  private static List<StepPlan> steps(int round) {
    return new ArrayList<>(STEPS.subList(round * PER_ROUND, (round + 1) * PER_ROUND));
  }

  private static float[] values(ComputationGraph network) {
    return network.params().dup('c').data().asFloat();
  }

  private static org.assertj.core.data.Offset<Double> within(double magnitude) {
    return org.assertj.core.data.Offset.offset(1e-6 * Math.max(1, Math.abs(magnitude)));
  }
}
