package dev.fovea.jobs.cli;

import dev.fovea.jobs.evaluation.measure.EvaluateJob;
import dev.fovea.jobs.evaluation.measure.EvaluateSettings;
import dev.fovea.jobs.evaluation.measure.Evaluation;
import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.evaluation.report.PageJob;
import dev.fovea.jobs.models.registry.Registry;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.files.ExistingFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures checkpoints and bicubic on folders of photographs. */
@Command(
    name = "evaluate",
    description = {
      "Measure checkpoints, and bicubic beside them, on folders of photographs.",
      "Every photograph is made smaller and upscaled again; PSNR, SSIM and VIF say how near the"
          + " result is to the photograph. Writes index.html, report.json and per-image.csv."
    })
final class EvaluateCommand extends FoveaCommand {
  @Option(
      names = "--images-path",
      required = true,
      arity = "1..*",
      paramLabel = "FOLDER",
      description =
          "Folders of photographs (with all below) or globs of such; local or any Hadoop path."
              + " Each folder is a dataset of its own.")
  private List<String> imagesPaths = new ArrayList<>();

  @Option(
      names = "--dataset-name",
      arity = "1..*",
      paramLabel = "NAME",
      description =
          "What reports call the datasets, one name for each and in the same order; without it the"
              + " last part of each path, or as much of it as tells them apart.")
  private List<String> datasetNames = new ArrayList<>();

  @Option(
      names = "--checkpoint-path",
      arity = "1..*",
      paramLabel = "FOLDER",
      description = "Checkpoints or shipped models to measure; without one, bicubic alone.")
  private List<String> checkpointPaths = new ArrayList<>();

  @Option(
      names = "--low-resolution-path",
      arity = "1..*",
      paramLabel = "FOLDER",
      description =
          "Folders of low resolutions, one for each dataset and in the same order, with names such"
              + " as baby.png or babyx4.png; without them, low resolutions are made.")
  private List<String> lowResolutionPaths = new ArrayList<>();

  @Option(
      names = "--registry",
      paramLabel = "FOLDER",
      description = "Measure the model in service in this registry too, if there is one.")
  private String registry;

  @Option(
      names = "--upscale-ratio",
      arity = "1..*",
      paramLabel = "R",
      description = "2, 4 or 8, one or several, for bicubic; checkpoints have their own.")
  private List<Integer> upscaleRatios = new ArrayList<>();

  @Option(
      names = "--protocol",
      defaultValue = "y",
      paramLabel = "NAME",
      description =
          "y: luma, a border of R pixels cut, as in the literature; rgb: all channels, no border"
              + " cut.")
  private String protocol;

  @Option(
      names = "--report-path",
      required = true,
      paramLabel = "FOLDER",
      description = "Folder that receives the report; a report that is there is replaced.")
  private String reportPath;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Where the confidence intervals' draws come from.")
  private long seed;

  @Option(
      names = "--picture-seconds",
      defaultValue = "120",
      paramLabel = "N",
      description = "Reject pictures whose decoding takes more processor time than this.")
  private int pictureSeconds;

  @Option(
      names = "--overwrite",
      description = "Replace files in the report's folder that are no part of a report, too.")
  private boolean overwrite;

  @Option(
      names = "--fail-on-rejected",
      description = "End with exit code 3 if a file was rejected.")
  private boolean failOnRejected;

  @Mixin private EngineOptionsMixin engine = new EngineOptionsMixin();

  @Mixin private SparkOptions spark = new SparkOptions();

  @Override
  protected int run(Console console) throws Exception {
    SparkSetup setup = spark.setup();
    EvaluateSettings settings =
        new EvaluateSettings(
            imagesPaths,
            datasetNames,
            lowResolutionPaths,
            models(setup.hadoopConfiguration(), console),
            upscaleRatios,
            EvaluateSettings.protocol(protocol),
            reportPath,
            engine.choice(),
            seed,
            pictureSeconds,
            overwrite ? ExistingFile.REPLACE : ExistingFile.KEEP);
    EvaluateJob.Plan plan = settings.plan(setup.hadoopConfiguration(), console::note);
    try (JavaSparkContext context = setup.open("fovea evaluate", cores -> cores)) {
      Path folder = new Path(reportPath);
      Evaluation evaluation = new EvaluateJob(context, console).evaluate(plan, folder);
      new PageJob(context, console).run(evaluation, folder);
      Report report = evaluation.report();
      return failOnRejected && !report.rejected().isEmpty() ? ExitCode.REJECTED : ExitCode.DONE;
    }
  }

  private List<String> models(Configuration hadoop, Console console) throws IOException {
    List<String> paths = new ArrayList<>(checkpointPaths);
    if (registry != null) {
      if (Registry.at(hadoop, new Path(registry), console::note).serving().isPresent()) {
        paths.add(registry);
      } else {
        console.note("--registry %s: no model is in service".formatted(registry));
      }
    }
    return paths;
  }
}
