package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.training.averaging.Incident;
import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.WorkerReport;
import dev.fovea.model.engine.StepFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class IncidentsTest {
  @TempDir Path folder;

  @Test
  void aWorkerThatTakesTwiceAsLongAsTheOthersIsNamed() {
    assertThat(
            Incidents.straggler(List.of(report(0, 64, 18), report(1, 64, 20), report(2, 63, 60))))
        .contains(
            new Incident(
                "train/straggler",
                "worker 2 kept the round waiting: 60.0 s for what others do in 19.7 s"));
    assertThat(Incidents.straggler(List.of(report(0, 64, 18), report(1, 64, 30)))).isEmpty();
    assertThat(Incidents.straggler(List.of(report(0, 1, 60)))).isEmpty();
    assertThat(Incidents.straggler(List.of(report(0, 64, 0.1), report(1, 64, 2)))).isEmpty();
  }

  private static WorkerReport report(int worker, int steps, double seconds) {
    return new WorkerReport(worker, steps, steps, seconds, 0, 0);
  }

  @Test
  void aTaskThatIsTriedAgainIsToldInOneLine() {
    try (JavaSparkContext spark = LocalCluster.threads(2);
        AveragingRun<StepFigures> run =
            TestNetworks.start(
                spark,
                DenseEngine.network(),
                AveragingRunTest.SETTINGS,
                new NumberedSource(NumberedSource.Fault.FIRST_ATTEMPT, 1, 2))) {
      run.round(NumberedSource.steps(4, 4, 1, 1), 2);

      assertThat(told(run, "train/task_retried"))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).startsWith("part 0 of the round failed on "))
          .allSatisfy(line -> assertThat(line).contains("IOException: the first attempt fails)"));
    }
  }

  @Test
  @Timeout(240)
  void anExecutorThatIsLostIsToldInOneLine() throws Exception {
    try (JavaSparkContext spark = LocalCluster.executors(1);
        AveragingRun<StepFigures> run =
            TestNetworks.start(
                spark,
                DenseEngine.network(),
                AveragingRunTest.SETTINGS,
                new StallingSource(folder.toString(), List.of(1), 2))) {
      CompletableFuture<RoundResult<StepFigures>> round =
          CompletableFuture.supplyAsync(() -> run.round(NumberedSource.steps(4, 4, 1, 1), 2));
      kill(StallingSource.sign(folder, 1));
      round.get();

      assertThat(told(run, "train/executor_lost"))
          .singleElement()
          .asString()
          .matches("executor 0 is gone \\(.*\\); others do its part");
    }
  }

  /** Waits for Spark's bus, which tells of a round when it is over. */
  private static List<String> told(AveragingRun<StepFigures> run, String event) {
    List<Incident> told = new ArrayList<>();
    while (told.stream().noneMatch(incident -> incident.event().equals(event))) {
      told.addAll(run.incidents());
      Thread.onSpinWait();
    }
    return told.stream()
        .filter(incident -> incident.event().equals(event))
        .map(Incident::text)
        .toList();
  }

  private static void kill(Path sign) throws IOException {
    while (!Files.exists(sign)) {
      Thread.onSpinWait();
    }
    ProcessHandle.of(Long.parseLong(Files.readString(sign))).orElseThrow().destroyForcibly();
  }
}
