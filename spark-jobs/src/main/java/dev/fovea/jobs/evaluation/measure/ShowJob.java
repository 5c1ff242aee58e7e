package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Makes what can be looked at of chosen pictures, as Spark jobs over as many at once as there are
 * cores, so that the driver never holds more of them.
 */
public final class ShowJob {
  private final JavaSparkContext spark;
  private final Console console;

  public ShowJob(JavaSparkContext spark, Console console) {
    this.spark = spark;
    this.console = console;
  }

  /** Takes one picture after the other, in the order of the choices. */
  @FunctionalInterface
  public interface Taker {
    void take(ShownPicture picture) throws IOException;
  }

  /** Makes the pictures; those that have become unreadable are left out. */
  public void run(EvaluateJob.Plan plan, List<Choice> choices, Taker taker) throws IOException {
    TaskModels.Source models = TaskModels.Source.broadcast(spark, plan);
    ShowTask task =
        new ShowTask(
            plan.files(),
            choices,
            models,
            plan.limits(),
            new ShippedConfiguration(spark.hadoopConfiguration()));
    int atOnce = Math.max(1, spark.defaultParallelism());
    int coresPerTask = spark.getConf().getInt("spark.task.cpus", 1);
    long[] done = {0};
    spark.setJobDescription("make %d pictures for the page".formatted(choices.size()));
    try (Progress progress = console.progress("page", choices.size(), "pictures")) {
      progress.watch(() -> done[0]);
      for (int first = 0; first < choices.size(); first += atOnce) {
        int end = Math.min(choices.size(), first + atOnce);
        List<Integer> group = IntStream.range(first, end).boxed().toList();
        int tasks = Math.max(1, (group.size() + coresPerTask - 1) / coresPerTask);
        for (ShownPicture picture :
            spark.parallelize(new ArrayList<>(group), tasks).mapPartitions(task).collect()) {
          taker.take(picture);
        }
        done[0] = end;
      }
    } finally {
      spark.setJobDescription(null);
      models.destroy(spark);
    }
  }
}
