package dev.fovea.jobs.training.loop;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.spark.memory.TrainingMemory;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.training.averaging.dl4j.LocalCluster;
import dev.fovea.model.engine.EngineOptions;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** On real executors: their own heap and limit, and the container that Spark gives them. */
class TrainingMemoryCheckTest {
  private static final TrainingMemory NEED = new TrainingMemory(100L << 20, 200L << 20, 10L << 20);

  @Test
  void executorsAreHeldAgainstTheirContainerAndTheBatchAgainstWhatTheirHeapLeaves() {
    // 768 MiB of heap; arrays outside it may take as much again unless they are limited.
    try (JavaSparkContext spark =
        LocalCluster.executors(1, Map.of("spark.executor.memoryOverhead", "512m"))) {
      assertThatThrownBy(() -> require(spark, 1))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("memory: ")
          .hasMessageContaining("of heap + ")
          .hasMessageContaining("for arrays outside it + 256 MiB for the JVM itself = ")
          .hasMessageContaining("(spark.executor.memory and spark.executor.memoryOverhead)");
    }
    try (JavaSparkContext spark =
        LocalCluster.executors(1, Map.of("spark.executor.memoryOverhead", "2048m"))) {
      assertThatCode(() -> require(spark, 100)).doesNotThrowAnyException();
      assertThatThrownBy(() -> require(spark, 1000))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("--batch-size '1000': 1000 samples of about 10 MiB + 200 MiB")
          .hasMessageContaining("the largest batch that fits is ");
    }
  }

  @Test
  void networksThatTrainAtOnceInOneProcessShareItsMemory() {
    Map<String, String> settings =
        Map.of("spark.executor.memoryOverhead", "2048m", "spark.task.cpus", "2");
    try (JavaSparkContext spark = LocalCluster.executorsOf(2, 4, settings)) {
      assertThatCode(() -> require(spark, 1, 100)).doesNotThrowAnyException();
      assertThatThrownBy(() -> require(spark, 6, 100))
          .hasMessageContaining("each of 2 networks that train at once in what the heap leaves");
    }
    try (JavaSparkContext spark =
        LocalCluster.executorsOf(
            2, 4, Map.of("spark.executor.memoryOverhead", "2048m", "spark.task.cpus", "4"))) {
      assertThatCode(() -> require(spark, 6, 100)).doesNotThrowAnyException();
    }
  }

  private static void require(JavaSparkContext spark, int batch) {
    require(spark, 1, batch);
  }

  private static void require(JavaSparkContext spark, int workers, int batch) {
    TrainingMemoryCheck.require(spark, workers, EngineOptions.cpu(1), batch, NEED, NEED);
  }
}
