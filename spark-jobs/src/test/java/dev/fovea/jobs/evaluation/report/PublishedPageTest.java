package dev.fovea.jobs.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fovea.jobs.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's own table gives bicubic the figures that the literature gives it. */
class PublishedPageTest {
  private static final Map<String, double[]> PUBLISHED =
      Map.of(
          "Set5 2", new double[] {33.66, .9299},
          "Set5 4", new double[] {28.42, .8104},
          "Set14 2", new double[] {30.24, .8688},
          "Set14 4", new double[] {26.00, .7027},
          "B100 2", new double[] {29.56, .8431},
          "B100 4", new double[] {25.96, .6675});
  private static final Pattern ROW =
      Pattern.compile(
          "<tr data-dataset=\"(\\w+)\" data-ratio=\"(\\d)\" data-model=\"bicubic\">.*?"
              + "data-metric=\"psnr\">([0-9.]+)<.*?data-metric=\"ssim\">([0-9.]+)<");

  @TempDir Path folder;

  @Test
  void bicubicHasItsPublishedFiguresInThePage() throws Exception {
    Path benchmarks = Path.of("").toAbsolutePath().resolve("../../shared/data/benchmarks");
    assumeTrue(Files.exists(benchmarks), "shared/data is not beside the checkout");

    CommandRun run =
        CommandRun.of(
            "evaluate",
            "--images-path",
            benchmarks.resolve("Set5").toString(),
            benchmarks.resolve("Set14").toString(),
            benchmarks.resolve("B100").toString(),
            "--upscale-ratio",
            "2",
            "4",
            "--report-path",
            folder.toString());

    assertThat(run.code()).isZero();
    Matcher row = ROW.matcher(Files.readString(folder.resolve("index.html")));
    int rows = 0;
    while (row.find()) {
      double[] published = PUBLISHED.get(row.group(1) + " " + row.group(2));
      assertThat(Double.parseDouble(row.group(3)))
          .as(row.group())
          .isCloseTo(published[0], within(0.02));
      assertThat(Double.parseDouble(row.group(4)))
          .as(row.group())
          .isCloseTo(published[1], within(0.001));
      rows++;
    }
    assertThat(rows).isEqualTo(6);
  }
}
