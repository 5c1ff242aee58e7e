package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.averaging.StepPlan;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** A context that goes on after training holds no network of it. */
class ResidentLearnersTest {
  private static final List<StepPlan> STEPS = NumberedSource.steps(12, 4, 1, 1);

  /** What an executor has opened and closed. */
  private record Networks(String executor, int opened, int closed) implements Serializable {
    static Networks here() {
      return new Networks(
          SparkEnv.get().executorId(), DenseEngine.OPENED.get(), DenseEngine.CLOSED.get());
    }
  }

  @Test
  void executorsCloseTheirNetworksAtTheEndOfTheRun() {
    try (JavaSparkContext spark = LocalCluster.executors(2)) {
      AveragingRunTest.train(
          spark,
          DenseEngine.network(),
          AveragingRunTest.SETTINGS,
          NumberedSource.sound(),
          STEPS,
          2,
          4);

      List<Networks> networks =
          spark
              .parallelize(IntStream.range(0, 16).boxed().toList(), 16)
              .map(task -> Networks.here())
              .distinct()
              .collect();
      assertThat(networks).isNotEmpty().allMatch(each -> !each.executor().equals("driver"));
      assertThat(networks).anyMatch(each -> each.opened() > 0);
      assertThat(networks).allMatch(each -> each.opened() == each.closed());
    }
  }
}
