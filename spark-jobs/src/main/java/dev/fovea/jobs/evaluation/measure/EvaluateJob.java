package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.spark.counters.JobCounters;
import dev.fovea.jobs.spark.counters.JobDescription;
import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Progress;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.WholeFile;
import dev.fovea.pictures.picture.Limits;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

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
   * @param limits what a picture may cost; what costs more is rejected
   */
  public record Plan(
      List<Dataset> datasets,
      List<EvaluatedModel> models,
      List<Integer> ratios,
      Protocol protocol,
      EngineChoice engine,
      Bootstrap bootstrap,
      Limits limits) {
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

    /** A plan with the usual limits. */
    public Plan(
        List<Dataset> datasets,
        List<EvaluatedModel> models,
        List<Integer> ratios,
        Protocol protocol,
        EngineChoice engine,
        Bootstrap bootstrap) {
      this(datasets, models, ratios, protocol, engine, bootstrap, Limits.defaults());
    }

    /** The files of all datasets, one after the other: their indices are those of the tasks. */
    public List<Dataset.File> files() {
      return datasets.stream().flatMap(dataset -> dataset.files().stream()).toList();
    }

    /** The ids of what is measured at a ratio: the models in their order, then bicubic. */
    public List<String> ids(int ratio) {
      List<String> ids = new ArrayList<>();
      models.stream().filter(m -> m.upscaleRatio() == ratio).forEach(m -> ids.add(m.id()));
      ids.add(Report.BICUBIC);
      return ids;
    }
  }

  /**
   * As {@link #evaluate}, for those who need the report alone.
   *
   * @param reportPath the folder of the report, made if it is missing
   * @throws UsageException if not one of the files can be evaluated
   */
  public Report run(Plan plan, Path reportPath) throws IOException {
    return evaluate(plan, reportPath).report();
  }

  /**
   * Measures, writes {@code report.json} and {@code per-image.csv}, each whole or not at all, and
   * prints a summary.
   *
   * @param reportPath the folder of the report, made if it is missing
   * @throws UsageException if not one of the files can be evaluated
   */
  public Evaluation evaluate(Plan plan, Path reportPath) throws IOException {
    Configuration hadoop = spark.hadoopConfiguration();
    Instant started = clock.instant();
    JobCounters all = JobCounters.of(spark);
    EvaluateTask.Counters counters =
        new EvaluateTask.Counters(
            all.counter("evaluate.pictures"),
            all.counter("evaluate.nanoseconds"),
            all.counter("evaluate.page_nanoseconds"));
    List<PictureOutcome> outcomes = outcomes(plan, counters);
    Duration took = Duration.between(started, clock.instant());
    List<Report.Leak> leaks = LeakGuard.leaks(plan, outcomes);
    Report report =
        new ReportAssembly(
                plan.datasets(), plan.models(), plan.ratios(), plan.protocol(), plan.bootstrap())
            .report(
                outcomes,
                leaks,
                ReportProvenance.of(plan, outcomes, spark.version(), started, took));
    SummaryTable.print(report, console);
    if (report.results().isEmpty()) {
      throw new UsageException(
          Setting.IMAGES_PATH
              + ": none of %d files can be evaluated; the first is rejected because: %s"
                  .formatted(outcomes.size(), report.rejected().get(0).reason()));
    }
    Path file = new Path(reportPath, ReportFormat.FILE_NAME);
    WholeFile.write(hadoop, file, ReportFormat.write(report));
    WholeFile.write(hadoop, new Path(reportPath, PerImageCsv.FILE_NAME), PerImageCsv.write(report));
    console.line("");
    console.line("report: " + file);
    return new Evaluation(
        plan,
        report,
        outcomes.stream().map(PictureOutcome::thumbnail).toList(),
        took,
        (double) counters.pageNanos().value() / Math.max(1, counters.nanos().value()));
  }

  private List<PictureOutcome> outcomes(Plan plan, EvaluateTask.Counters counters) {
    List<Dataset.File> files = plan.files();
    long doneBefore = counters.done().value();
    TaskModels.Source models = TaskModels.Source.broadcast(spark, plan);
    EvaluateTask task =
        new EvaluateTask(
            files,
            plan.protocol(),
            plan.ratios(),
            models,
            Evaluation.MOST_THUMBNAILS,
            plan.limits(),
            new ShippedConfiguration(spark.hadoopConfiguration()),
            counters);
    List<Integer> indices = IntStream.range(0, files.size()).boxed().toList();
    try (Progress progress = console.progress("evaluate", files.size(), "pictures")) {
      progress.watch(() -> counters.done().value() - doneBefore);
      List<PictureOutcome> outcomes =
          JobDescription.during(
              spark,
              description(plan, files.size()),
              () ->
                  spark
                      .parallelize(new ArrayList<>(indices), tasks(files.size()))
                      .mapPartitions(task)
                      .collect());
      List<PictureOutcome> sorted =
          outcomes.stream().sorted(Comparator.comparingInt(PictureOutcome::index)).toList();
      JobCounters.of(spark)
          .counter("evaluate.pictures_rejected")
          .add(sorted.stream().filter(outcome -> outcome.figures().isEmpty()).count());
      return sorted;
    } finally {
      models.destroy(spark);
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

  private int tasks(int files) {
    int coresPerTask = spark.getConf().getInt("spark.task.cpus", 1);
    int atOnce = Math.max(1, spark.defaultParallelism() / coresPerTask);
    int wanted = Math.max(atOnce, files / (PICTURES_PER_CORE * coresPerTask));
    return Math.min(files, Math.min(wanted, MOST_TASKS));
  }
}
