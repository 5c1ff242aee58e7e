package dev.fovea.jobs.evaluation.report;

import dev.fovea.jobs.evaluation.measure.Bootstrap;
import dev.fovea.jobs.evaluation.measure.DatasetListing;
import dev.fovea.jobs.evaluation.measure.EvaluateJob;
import dev.fovea.jobs.evaluation.measure.EvaluatedModel;
import dev.fovea.jobs.evaluation.measure.Evaluation;
import dev.fovea.jobs.evaluation.measure.Protocol;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Terminal;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.encode.PngEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;

/** Reports of small pictures, real in all else. */
final class SampleReports {
  /** Markup, quotes and a line break; the slash parts a folder from a file. */
  static final String HOSTILE =
      "<img src=x onerror=\"window.hacked=1\">&amp;'\n<!--<script><"
          + "/script>window.hacked=1.png";

  private SampleReports() {}

  /** Evaluates pictures by a model at x2 and writes the report; the hostile name is among them. */
  static Path write(Path folder, int pictures) throws IOException {
    Path set = Files.createDirectory(folder.resolve("set <b>"));
    for (int i = 0; i < pictures - 1; i++) {
      Files.write(
          set.resolve("picture-" + i + ".png"),
          PngEncoder.encode(TestPictures.rgb(64 + i % 7, 60, i)));
    }
    Path hostile = set.resolve(HOSTILE);
    Files.createDirectories(hostile.getParent());
    Files.write(hostile, PngEncoder.encode(TestPictures.rgb(300, 200, 99)));
    Path report = folder.resolve("report");
    Console console =
        new Console(
            new PrintWriter(Writer.nullWriter()),
            new PrintWriter(Writer.nullWriter()),
            Terminal.NONE);
    try (JavaSparkContext spark =
        new SparkSetup(Optional.of("local[2]"), Map.of()).open("report", cores -> 2)) {
      EvaluateJob.Plan plan =
          new EvaluateJob.Plan(
              DatasetListing.list(spark.hadoopConfiguration(), List.of(set.toString())),
              List.of(
                  new EvaluatedModel(
                      "model </script>",
                      "checkpoints/model",
                      TestModels.weights(TestModels.small(2), 1),
                      new TreeMap<>(Map.of("step", "7")))),
              List.of(2),
              Protocol.Y,
              TestModels.ENGINE,
              Bootstrap.of(0));
      org.apache.hadoop.fs.Path output = new org.apache.hadoop.fs.Path(report.toUri());
      Evaluation evaluation = new EvaluateJob(spark, console).evaluate(plan, output);
      new PageJob(spark, console).run(evaluation, output);
    }
    return report.resolve(PageJob.FILE_NAME);
  }
}
