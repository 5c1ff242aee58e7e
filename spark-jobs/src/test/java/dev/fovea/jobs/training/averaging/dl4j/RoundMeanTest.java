package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.averaging.WorkerReport;
import dev.fovea.model.engine.NetworkState;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a round costs the driver. */
class RoundMeanTest {
  private static final int PARAMETERS = 300_000;
  private static final int CRITIC = 500_000;
  private static final Pieces PIECES = Pieces.of(PARAMETERS, 2000, CRITIC, 3000);
  private static final long BYTES = Float.BYTES * (PARAMETERS + 2000L + CRITIC + 3000);

  private static final AtomicLong RECEIVED = new AtomicLong();
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalCluster.threads(2, Map.of("spark.driver.maxResultSize", "4m"));
    spark
        .sc()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd end) {
                RECEIVED.addAndGet(end.taskMetrics().resultSize());
              }
            });
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static RoundMean<String> round(int workers) {
    List<Integer> numbers = IntStream.range(0, workers).boxed().toList();
    JavaRDD<ParameterAveragingTrainingResult> results =
        spark.parallelize(numbers, workers).map(RoundMeanTest::trained);
    return RoundMean.of(results, PIECES);
  }

  private static WorkerResult<String> trained(int worker) {
    return WorkerResult.trained(
        List.of(
            new NetworkState(noise(worker, PARAMETERS), noise(worker, 2000)),
            new NetworkState(noise(worker, CRITIC), noise(worker, 3000))),
        0,
        new WorkerReport(worker, 1, 10, 1, 0, 0),
        List.of("of " + worker));
  }

  private static INDArray noise(int worker, int length) {
    Random random = new Random(31L * worker + length);
    float[] noise = new float[length];
    for (int i = 0; i < length; i++) {
      noise[i] = random.nextFloat();
    }
    return Nd4j.createFromArray(noise);
  }

  /** Bytes that the results of all tasks of a round have. */
  private static long received(int workers) throws Exception {
    spark.sc().listenerBus().waitUntilEmpty();
    long before = RECEIVED.get();
    round(workers);
    spark.sc().listenerBus().waitUntilEmpty();
    return RECEIVED.get() - before;
  }

  @Test
  void theDriverReceivesOneMeanHoweverManyWorkersThereAre() throws Exception {
    long ofOne = received(1);
    long ofFour = received(4);
    long ofSixteen = received(16);

    assertThat(ofOne).isGreaterThan(BYTES);
    // Each task's result has some kilobytes of Spark's own figures.
    assertThat(ofFour).isLessThan(BYTES + 8 * 8192);
    assertThat(ofSixteen).isLessThan(BYTES + 32 * 8192);
  }

  @Test
  void accountsComeInTheOrderOfTheWorkers() {
    RoundMean<String> mean = round(11);

    assertThat(mean.accounts())
        .flatExtracting(WorkerAccount::figures)
        .containsExactlyElementsOf(IntStream.range(0, 11).mapToObj(i -> "of " + i).toList());
    assertThat(mean.vectors())
        .extracting(INDArray::length)
        .containsExactly((long) PARAMETERS, 2000L, (long) CRITIC, 3000L);
  }

  @Test
  void nothingOfARoundIsKept() {
    round(3);

    MapOutputTrackerMaster outputs = (MapOutputTrackerMaster) spark.env().mapOutputTracker();
    assertThat(outputs.shuffleStatuses().size()).isZero();
  }
}
