package dev.fovea.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.averaging.AveragingRunTest.Outcome;
import dev.fovea.averaging.NumberedSource.Fault;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** Workers are logical: the same bits come out wherever they run. */
class ExecutorIndependenceTest {
  private static final List<StepPlan> STEPS = NumberedSource.steps(19, 4, 2, 1);

  @Test
  void threadsAndOneAndTwoExecutorsGiveTheSameBits() {
    Outcome threads = train(LocalCluster.threads(2), NumberedSource.sound());

    Outcome one = train(LocalCluster.executors(1), NumberedSource.sound());
    Outcome two = train(LocalCluster.executors(2), new NumberedSource(Fault.FIRST_ATTEMPT, 30));

    for (Outcome outcome : List.of(one, two)) {
      assertThat(outcome.parameters()).isEqualTo(threads.parameters());
      assertThat(outcome.updaterState()).isEqualTo(threads.updaterState());
      assertThat(outcome.figures()).isEqualTo(threads.figures());
    }
  }

  private static Outcome train(JavaSparkContext context, BatchSource source) {
    try (JavaSparkContext spark = context) {
      return AveragingRunTest.train(spark, source, STEPS, 3, 6);
    }
  }
}
