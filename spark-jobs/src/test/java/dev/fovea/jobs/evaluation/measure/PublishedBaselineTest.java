package dev.fovea.jobs.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol y gives bicubic the figures that the literature gives it. */
class PublishedBaselineTest {
  private static final Map<String, Map<Integer, double[]>> PUBLISHED =
      Map.of(
          "Set5",
          Map.of(2, new double[] {33.66, 0.9299}, 4, new double[] {28.42, 0.8104}),
          "Set14",
          Map.of(2, new double[] {30.24, 0.8688}, 4, new double[] {26.00, 0.7027}));

  @TempDir java.nio.file.Path folder;

  @Test
  void bicubicHasItsPublishedFiguresOnSet5AndSet14() throws IOException {
    List<String> paths =
        List.of(
            SharedData.require("benchmarks/Set5").toString(),
            SharedData.require("benchmarks/Set14").toString());
    StringWriter printed = new StringWriter();
    Console console =
        new Console(new PrintWriter(printed), new PrintWriter(printed), Terminal.NONE);
    Report report;
    try (JavaSparkContext spark =
        new SparkSetup(Optional.of("local[2]"), Map.of()).open("evaluate", cores -> 1)) {
      EvaluateJob.Plan plan =
          new EvaluateJob.Plan(
              DatasetListing.list(spark.hadoopConfiguration(), paths),
              List.of(),
              List.of(2, 4),
              Protocol.Y,
              EngineChoice.AUTO,
              Bootstrap.of(0));
      report = new EvaluateJob(spark, console).run(plan, new Path(folder.toUri()));
    }

    assertThat(report.rejected()).isEmpty();
    assertThat(report.results()).hasSize(4);
    for (Report.Result result : report.results()) {
      double[] published = PUBLISHED.get(result.dataset()).get(result.upscaleRatio());
      String where = result.dataset() + " x" + result.upscaleRatio();
      assertThat(result.psnr()).as(where).isCloseTo(published[0], within(0.02));
      assertThat(result.ssim()).as(where).isCloseTo(published[1], within(0.001));
      for (Report.Image image : result.images()) {
        double[] figures =
            perPicture(result.dataset(), image.name(), Integer.toString(result.upscaleRatio()));
        assertThat(image.psnr()).as(image.name()).isCloseTo(figures[0], within(2e-4));
        assertThat(image.ssim()).as(image.name()).isCloseTo(figures[1], within(2e-5));
      }
    }
  }

  /** PSNR and SSIM of one picture, computed elsewhere, by the same protocol. */
  private static double[] perPicture(String dataset, String name, String ratio) throws IOException {
    List<String> lines = Files.readAllLines(SharedData.require("benchmarks/bicubic_per_image.tsv"));
    String start = String.join("\t", dataset, name, ratio, "RGB/g") + "\t";
    String line = lines.stream().filter(each -> each.startsWith(start)).findFirst().orElseThrow();
    String[] figures = line.substring(start.length()).split("\t", -1);
    return new double[] {Double.parseDouble(figures[0]), Double.parseDouble(figures[1])};
  }
}
