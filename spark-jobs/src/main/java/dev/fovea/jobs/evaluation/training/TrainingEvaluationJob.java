package dev.fovea.jobs.evaluation.training;

import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.evaluation.measure.Scores;
import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Outcome;
import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Settings;
import dev.fovea.jobs.evaluation.training.TrainingEvaluationTask.Scored;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.spark.counters.JobCounters;
import dev.fovea.jobs.spark.counters.JobDescription;
import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.metric.Vif;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * {@link TrainingEvaluation} as a Spark job over the test pictures' shards, to be run again and
 * again as training goes on. Executors keep the crops they have decoded. For one driver thread.
 */
public final class TrainingEvaluationJob implements AutoCloseable {
  /** Pictures that are shown at each evaluation. */
  private static final int MOST_SAMPLES = 4;

  private final JavaSparkContext spark;
  private final JobCounters counters;
  private final int pictures;
  private final TrainingEvaluationTask.Fixed fixed;

  /**
   * Prepares the job; nothing is decoded yet.
   *
   * @param engine the engine's name, to be found on every executor
   * @param options how it runs the network; a GPU that Spark assigned to a task takes the place of
   *     the device, unless that is the CPU
   * @throws IllegalArgumentException if there are no pictures
   */
  public TrainingEvaluationJob(
      JavaSparkContext spark,
      ShardIndex test,
      Settings settings,
      String engine,
      EngineOptions options) {
    if (test.size() == 0) {
      throw new IllegalArgumentException("there are no test pictures");
    }
    this.spark = spark;
    this.counters = JobCounters.of(spark);
    this.pictures = test.size();
    this.fixed =
        new TrainingEvaluationTask.Fixed(
            UUID.randomUUID().toString(),
            spark.broadcast(test),
            settings,
            engine,
            options,
            sampleRows(test),
            new ShippedConfiguration(spark.hadoopConfiguration()));
  }

  /** By file name, and by number where that is not enough. */
  private static List<SamplePicture> named(List<SamplePicture> samples) {
    Set<String> taken = new HashSet<>();
    List<SamplePicture> named = new ArrayList<>();
    for (SamplePicture sample : samples) {
      String file = sample.name().substring(sample.name().lastIndexOf('/') + 1);
      String name = file;
      for (int i = 2; !taken.add(name); i++) {
        name = file + " (" + i + ")";
      }
      named.add(new SamplePicture(name, sample.width(), sample.height(), sample.png()));
    }
    return named;
  }

  /** A few of the pictures that are large enough, from all over the folder. */
  private static List<Integer> sampleRows(ShardIndex test) {
    int[] usable =
        IntStream.range(0, test.size())
            .filter(row -> Math.min(test.width(row), test.height(row)) >= Vif.MINIMUM_SIZE)
            .toArray();
    int count = Math.min(MOST_SAMPLES, usable.length);
    return IntStream.range(0, count)
        .map(i -> usable[(int) ((long) i * usable.length / count)])
        .boxed()
        .toList();
  }

  /**
   * Evaluates a model.
   *
   * @throws IllegalArgumentException if every picture is too small for the metrics' windows
   */
  public Outcome evaluate(ModelWeights model) {
    Broadcast<ModelWeights> weights = spark.broadcast(model);
    long begin = System.nanoTime();
    try {
      int slots =
          Math.max(1, spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1));
      List<Integer> rows = new ArrayList<>(IntStream.range(0, pictures).boxed().toList());
      List<Scored> figures =
          new ArrayList<>(
              JobDescription.during(
                  spark,
                  "evaluate the model on %d test pictures".formatted(pictures),
                  () ->
                      spark
                          .parallelize(rows, Math.min(pictures, slots))
                          .mapPartitions(new TrainingEvaluationTask(fixed, weights))
                          .collect()));
      figures.sort(Comparator.comparingInt(Scored::row));
      List<Scores> scores = figures.stream().map(Scored::scores).toList();
      if (scores.isEmpty()) {
        throw new IllegalArgumentException(
            "all %d test pictures are too small to be scored".formatted(pictures));
      }
      counters.counter("train.pictures_evaluated").add(scores.size());
      counters.durations("train.evaluation").since(begin);
      return new Outcome(
          Scores.mean(scores),
          scores.size(),
          pictures - scores.size(),
          named(figures.stream().map(Scored::sample).filter(Objects::nonNull).toList()));
    } finally {
      weights.destroy();
    }
  }

  @Override
  public void close() {
    CropCache.clear(fixed.job());
    fixed.test().destroy();
  }
}
