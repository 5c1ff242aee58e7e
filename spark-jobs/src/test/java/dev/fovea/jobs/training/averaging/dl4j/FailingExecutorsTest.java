package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.training.averaging.Batch;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.BatchStream;
import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.StepPlan;
import dev.fovea.jobs.training.averaging.dl4j.AveragingRunTest.Outcome;
import dev.fovea.model.engine.StepFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of executors and tasks in the middle of a round, the same bits come out. */
@Timeout(600)
class FailingExecutorsTest {
  private static final List<StepPlan> STEPS = NumberedSource.steps(19, 4, 2, 1);
  private static final int PICTURES = 73;
  private static final List<Integer> ALL = IntStream.range(0, PICTURES).boxed().toList();

  private static Outcome undisturbed;

  @TempDir Path folder;

  @BeforeAll
  static void trainUndisturbed() {
    try (JavaSparkContext spark = LocalCluster.threads(2)) {
      undisturbed = train(spark, NumberedSource.sound());
    }
  }

  @Test
  void anExecutorKilledInTheMiddleOfARoundAndOneMissingAtTheStartChangeNothing() throws Exception {
    // Three workers on one executor: two are missing at the start. It dies twice, at different
    // workers' pictures.
    try (JavaSparkContext spark = LocalCluster.executors(1)) {
      CompletableFuture<List<Long>> killer =
          CompletableFuture.supplyAsync(() -> List.of(killWhoStallsAt(10), killWhoStallsAt(60)));

      Outcome outcome = train(spark, new StallingSource(folder.toString(), List.of(10, 60), 2));

      assertThat(killer.get(1, TimeUnit.SECONDS))
          .doesNotHaveDuplicates()
          .doesNotContain(ProcessHandle.current().pid());
      assertSameBits(outcome);
    }
  }

  @Test
  void speculationAndDynamicAllocationCountNoRoundTwice() throws IOException {
    Deque<Runnable> closing = new ArrayDeque<>();
    try (JavaSparkContext spark =
        LocalCluster.twoHosts(
            Map.of(
                "spark.speculation", "true",
                "spark.speculation.interval", "50ms",
                "spark.speculation.quantile", "0.3",
                "spark.speculation.multiplier", "1.1",
                "spark.speculation.minTaskRuntime", "50ms",
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.minExecutors", "1",
                "spark.dynamicAllocation.maxExecutors", "2",
                "spark.dynamicAllocation.executorIdleTimeout", "5s"),
            closing::push)) {
      Outcome outcome = train(spark, new StallingSource(folder.toString(), List.of(1, 60), 2));

      assertThat(StallingSource.sign(folder, 1)).exists();
      assertThat(StallingSource.sign(folder, 60)).exists();
      assertSameBits(outcome);
      assertThat(outcome.rounds().stream().mapToLong(RoundResult::samples).sum())
          .isEqualTo(PICTURES);
    } finally {
      closing.forEach(Runnable::run);
    }
  }

  @Test
  void aTaskThatHangsIsKilledAndTriedAgain() {
    try (JavaSparkContext spark = LocalCluster.threads(2, Map.of(TaskWatch.LIMIT, "2s"))) {
      assertSameBits(train(spark, new StallingSource(folder.toString(), List.of(5, 70), 2)));
      assertThat(StallingSource.sign(folder, 5)).exists();
      assertThat(StallingSource.sign(folder, 70)).exists();
    }
  }

  @Test
  void anExecutorThatHangsAndDoesNotAnswerIsEndedAndItsTaskTriedAgain() throws IOException {
    Map<String, String> impatient =
        Map.of(
            TaskWatch.LIMIT,
            "20s",
            // The executor in its place may need more than that for its first task.
            "spark.task.maxFailures",
            "20",
            "spark.task.reaper.enabled",
            "true",
            "spark.task.reaper.pollingInterval",
            "500ms",
            "spark.task.reaper.killTimeout",
            "2s");
    try (JavaSparkContext spark = LocalCluster.executors(1, impatient)) {
      assertSameBits(
          train(
              spark,
              new StallingSource(folder.toString(), List.of(40), 2, StallingSource.Hang.DEAF)));

      long hung = Long.parseLong(Files.readString(StallingSource.sign(folder, 40)));
      assertThat(hung).isNotEqualTo(ProcessHandle.current().pid());
      assertThat(ProcessHandle.of(hung).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    }
  }

  @Test
  void tasksThatAlwaysHangEndTheRunWithAMessage() {
    try (JavaSparkContext spark = LocalCluster.threads(2, Map.of(TaskWatch.LIMIT, "1s"))) {
      assertThatThrownBy(() -> train(spark, new StallingSource(folder.toString(), ALL, 2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("steps 1 to 6")
          .hasMessageContaining("ran longer than 1 s and were killed");
    }
  }

  @Test
  void roundsThatAreLongBecauseTheirStepsAreAndJobsOfOthersAreNotKilled() {
    List<String> killed = new CopyOnWriteArrayList<>();
    try (JavaSparkContext spark = LocalCluster.threads(2, Map.of(TaskWatch.LIMIT, "10s"));
        AveragingRun<StepFigures> run =
            TestNetworks.start(
                spark,
                DenseEngine.network(),
                AveragingRunTest.SETTINGS,
                new SlowSource(Duration.ofSeconds(2)))) {
      spark
          .sc()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  if (!end.taskInfo().successful()) {
                    killed.add(end.reason().toString());
                  }
                }
              });
      run.round(STEPS.subList(0, 1), 1);

      RoundResult<StepFigures> round = run.round(STEPS.subList(1, 9), 1);
      spark
          .parallelize(List.of(1), 1)
          .foreach(task -> LockSupport.parkNanos(Duration.ofSeconds(12).toNanos()));

      assertThat(round.seconds()).isGreaterThan(10);
      assertThat(killed).isEmpty();
    }
  }

  /** Every mini-batch takes its time. */
  private record SlowSource(Duration each) implements BatchSource {
    @Override
    public BatchStream open(List<String> contents) {
      BatchStream sound = NumberedSource.sound().open(contents);
      return new BatchStream() {
        @Override
        public Batch next() throws IOException, InterruptedException {
          LockSupport.parkNanos(each.toNanos());
          return sound.next();
        }

        @Override
        public void close() {
          sound.close();
        }
      };
    }
  }

  private static Outcome train(JavaSparkContext spark, BatchSource source) {
    return AveragingRunTest.train(
        spark, DenseEngine.network(), AveragingRunTest.SETTINGS, source, STEPS, 3, 6);
  }

  private static void assertSameBits(Outcome outcome) {
    assertThat(outcome.parameters()).isEqualTo(undisturbed.parameters());
    assertThat(outcome.updaterState()).isEqualTo(undisturbed.updaterState());
    assertThat(outcome.figures()).isEqualTo(undisturbed.figures());
  }

  /** Waits for the process that hangs at a picture, kills it and returns its number. */
  private long killWhoStallsAt(int picture) {
    Path sign = StallingSource.sign(folder, picture);
    try (WatchService watch = folder.getFileSystem().newWatchService()) {
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(sign)) {
        watch.take().reset();
      }
      long process = Long.parseLong(Files.readString(sign));
      ProcessHandle.of(process).orElseThrow().destroyForcibly();
      return process;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
