package dev.fovea.jobs.benchmark.scaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import scala.collection.JavaConverters;

/**
 * When the training stages of rounds ended. Spark tells it late, on a thread of its own: to be read
 * when the context is closed, which waits for it.
 */
final class StageTimes extends SparkListener {
  /**
   * The training stage of a round.
   *
   * @param trainingEndMillis when the last worker's results were written, by the driver's clock
   * @param trainingRunSeconds how long its tasks ran, their mean
   */
  record Round(long trainingEndMillis, double trainingRunSeconds) {}

  /** The training stages of the jobs that have one, in order. */
  private final List<Integer> trainingStages = new ArrayList<>();

  private final Map<Integer, Long> ended = new HashMap<>();
  private final Map<Integer, List<Long>> runMillis = new HashMap<>();

  @Override
  @SuppressWarnings("deprecation") // Scala 2.12 has no other.
  public synchronized void onJobStart(SparkListenerJobStart start) {
    List<StageInfo> stages = JavaConverters.seqAsJavaList(start.stageInfos());
    // Only a round's job has a shuffle; what fills it comes first.
    if (stages.size() > 1) {
      trainingStages.add(
          stages.stream().map(StageInfo::stageId).min(Comparator.naturalOrder()).orElseThrow());
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
    StageInfo stage = completed.stageInfo();
    if (stage.completionTime().isDefined()) {
      ended.put(stage.stageId(), (Long) stage.completionTime().get());
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() == Success$.MODULE$) {
      runMillis
          .computeIfAbsent(end.stageId(), stage -> new ArrayList<>())
          .add(end.taskMetrics().executorRunTime());
    }
  }

  /** The rounds since the listener was added, in order. */
  synchronized List<Round> rounds() {
    return trainingStages.stream()
        .map(
            stage ->
                new Round(
                    ended.get(stage),
                    runMillis.get(stage).stream().mapToLong(Long::longValue).average().orElseThrow()
                        / 1e3))
        .toList();
  }
}
