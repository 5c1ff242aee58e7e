package dev.fovea.evaluation;

import dev.fovea.console.Console;
import dev.fovea.console.Progress;
import dev.fovea.console.UsageException;
import dev.fovea.metrics.JobCounter;
import dev.fovea.metrics.JobCounters;
import dev.fovea.metrics.JobDescription;
import dev.fovea.spark.EngineChoice;
import dev.fovea.upscaling.ModelWeights;
import dev.fovea.upscaling.WholeFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Measures models and MATLAB's bicubic on folders of photographs, as one Spark job with a task for
 * each group of pictures. The figures depend on the pictures, the models and the settings, not on
 * how many tasks there are or where they run.
 */
public final class EvaluateJob {
  /** Enough that a task's cores seldom wait for its last picture, few enough to show progress. */
  private static final int PICTURES_PER_CORE = 8;

  private static final int MOST_TASKS = 10_000;

  private final JavaSparkContext spark;
  private final Console console;
  private final Clock clock;

  public EvaluateJob(JavaSparkContext spark, Console console) {
    this(spark, console, Clock.systemUTC());
  }

  EvaluateJob(JavaSparkContext spark, Console console, Clock clock) {
    this.spark = spark;
    this.console = console;
    this.clock = clock;
  }

  /**
   * What is measured and how.
   *
   * @param datasets one or more
   * @param models none for bicubic alone
   * @param ratios the upscale ratios at which bicubic is measured, those of the models among them
   * @param engine what runs the models
   * @param bootstrap for the intervals of the comparisons
   */
  public record Plan(
      List<Dataset> datasets,
      List<EvaluatedModel> models,
      List<Integer> ratios,
      Protocol protocol,
      EngineChoice engine,
      Bootstrap bootstrap) {
    /**
     * Checks that the parts fit together.
     *
     * @throws IllegalArgumentException if there is nothing to measure, or a model's ratio is
     *     missing
     */
    public Plan {
      datasets = List.copyOf(datasets);
      models = List.copyOf(models);
      ratios = ratios.stream().distinct().sorted().toList();
      if (datasets.isEmpty() || ratios.isEmpty()) {
        throw new IllegalArgumentException("there are no datasets or no upscale ratios");
      }
      for (EvaluatedModel model : models) {
        if (!ratios.contains(model.upscaleRatio())) {
          throw new IllegalArgumentException(
              "model '%s' has upscale ratio %d, which is not one of %s"
                  .formatted(model.id(), model.upscaleRatio(), ratios));
        }
      }
    }
  }

  /**
   * Measures, writes {@code report.json} whole or not at all, and prints a summary.
   *
   * @param reportPath the folder of the report, made if it is missing
   * @throws UsageException if not one of the files can be evaluated
   */
  public Report run(Plan plan, Path reportPath) throws IOException {
    Configuration hadoop = spark.hadoopConfiguration();
    Instant started = clock.instant();
    List<PictureOutcome> outcomes = outcomes(plan);
    Duration took = Duration.between(started, clock.instant());
    Report report =
        new ReportAssembly(
                plan.datasets(), plan.models(), plan.ratios(), plan.protocol(), plan.bootstrap())
            .report(outcomes, ReportProvenance.of(plan, spark.version(), started, took));
    SummaryTable.print(report, console);
    if (report.results().isEmpty()) {
      throw new UsageException(
          "--images-path: none of %d files can be evaluated; the first is rejected because: %s"
              .formatted(outcomes.size(), report.rejected().get(0).reason()));
    }
    Path file = new Path(reportPath, ReportFormat.FILE_NAME);
    WholeFile.write(hadoop, file, ReportFormat.write(report));
    console.line("");
    console.line("report: " + file);
    return report;
  }

  private List<PictureOutcome> outcomes(Plan plan) {
    List<Dataset.File> files = plan.datasets().stream().flatMap(d -> d.files().stream()).toList();
    String job = UUID.randomUUID().toString();
    JobCounters counters = JobCounters.of(spark);
    JobCounter done = counters.counter("evaluate.pictures");
    long doneBefore = done.value();
    TaskModels.Source models = broadcast(job, plan);
    EvaluateTask task =
        new EvaluateTask(
            files,
            plan.protocol(),
            plan.ratios(),
            models,
            new SerializableConfiguration(spark.hadoopConfiguration()),
            done);
    List<Integer> indices = IntStream.range(0, files.size()).boxed().toList();
    try (Progress progress = console.progress("evaluate", files.size(), "pictures")) {
      progress.watch(() -> done.value() - doneBefore);
      Stream<PictureOutcome> outcomes =
          JobDescription.during(
              spark,
              description(plan, files.size()),
              () ->
                  spark
                      .parallelize(new ArrayList<>(indices), tasks(files.size()))
                      .mapPartitions(task)
                      .collect()
                      .stream()
                      .map(PictureOutcome::fromJson));
      List<PictureOutcome> sorted =
          outcomes.sorted(Comparator.comparingInt(PictureOutcome::index)).toList();
      counters
          .counter("evaluate.pictures_rejected")
          .add(sorted.stream().filter(outcome -> outcome.figures().isEmpty()).count());
      return sorted;
    } finally {
      ResidentModels.close(job);
      models.weights().forEach(Broadcast::destroy);
    }
  }

  private static String description(Plan plan, int pictures) {
    return "evaluate %s on %d pictures"
        .formatted(
            plan.models().isEmpty()
                ? "bicubic"
                : plan.models().stream()
                    .map(EvaluatedModel::id)
                    .collect(Collectors.joining(", ", "bicubic, ", "")),
            pictures);
  }

  private TaskModels.Source broadcast(String job, Plan plan) {
    ArrayList<String> ids = new ArrayList<>();
    ArrayList<Integer> ratios = new ArrayList<>();
    ArrayList<Broadcast<ModelWeights>> weights = new ArrayList<>();
    for (EvaluatedModel model : plan.models()) {
      ids.add(model.id());
      ratios.add(model.upscaleRatio());
      weights.add(spark.broadcast(model.weights()));
    }
    return new TaskModels.Source(job, plan.engine(), ids, ratios, weights);
  }

  private int tasks(int files) {
    int coresPerTask = spark.getConf().getInt("spark.task.cpus", 1);
    int atOnce = Math.max(1, spark.defaultParallelism() / coresPerTask);
    int wanted = Math.max(atOnce, files / (PICTURES_PER_CORE * coresPerTask));
    return Math.min(files, Math.min(wanted, MOST_TASKS));
  }
}
