package dev.fovea.jobs.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.upscaling.single.Bicubic;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenLowResolutionTest {
  @TempDir Path folder;

  private Path high;
  private Path low;

  @BeforeEach
  void folders() throws IOException {
    high = Files.createDirectory(folder.resolve("high"));
    low = Files.createDirectory(folder.resolve("low"));
  }

  @Test
  void givenPicturesAreUsedAtEveryRatioAndWhatDoesNotFitIsRejected() throws IOException {
    Picture picture = TestPictures.rgb(101, 90, 1);
    write(high.resolve("_DSC0001.png"), picture);
    write(high.resolve("b,\"1\".png"), TestPictures.rgb(80, 80, 2));
    write(high.resolve("c.png"), TestPictures.rgb(80, 80, 3));
    for (int ratio : new int[] {2, 4}) {
      Files.createDirectories(low.resolve("X" + ratio));
      Picture made = Bicubic.downscaled(Bicubic.croppedToMultiple(picture, ratio), ratio);
      write(low.resolve("X" + ratio + "/_DSC0001x" + ratio + ".png"), made);
      write(low.resolve("X" + ratio + "/c.png"), TestPictures.rgb(7, 7, 3));
    }

    CommandRun given = evaluate("given", "--low-resolution-path", low.toString());
    CommandRun made = evaluate("made");

    assertThat(given.code()).isZero();
    assertThat(made.code()).isZero();
    Report with = report("given");
    Report without = report("made");
    assertThat(with.results()).extracting(Report.Result::upscaleRatio).containsExactly(2, 4);
    assertThat(with.results().get(1).images()).hasSize(1);
    // The very pictures that we would have made give the very figures.
    assertThat(with.results().get(1).images().get(0))
        .isEqualTo(without.results().get(1).images().get(0));
    assertThat(with.rejected())
        .extracting(Report.Rejected::reason)
        .containsExactly(
            "there is no low resolution of it at x2",
            "there is no low resolution of it at x4",
            "its low resolution at x2 has 7x7 pixels instead of 40x40",
            "its low resolution at x4 has 7x7 pixels instead of 20x20");
    assertThat(with.provenance().settings()).containsEntry("low_resolution", "given");
    List<String> csv =
        Files.readString(folder.resolve("made/per-image.csv"), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(csv).hasSize(7);
    assertThat(csv.get(0))
        .isEqualTo("dataset,protocol,upscale_ratio,model,name,sha256,psnr,ssim,vif");
    assertThat(csv.get(2)).startsWith("high,y,2,bicubic,\"b,\"\"1\"\".png\",");
    assertThat(folder.resolve("made/index.html")).exists();
  }

  @Test
  void foldersThatDoNotBelongTogetherAreRefused() throws IOException {
    write(high.resolve("a.png"), TestPictures.rgb(80, 80, 2));
    write(low.resolve("z.png"), TestPictures.rgb(40, 40, 2));
    Configuration hadoop = new Configuration();
    List<Dataset> datasets = DatasetListing.list(hadoop, List.of(high.toString()));

    assertThatThrownBy(
            () ->
                LowResolutionListing.given(
                    hadoop, datasets, List.of(low.toString(), low.toString()), List.of(2)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("names 2 folders for 1 datasets");
    assertThatThrownBy(
            () -> LowResolutionListing.given(hadoop, datasets, List.of(low.toString()), List.of(2)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no low resolution of the picture of high by name, such as ax2.png");
  }

  private CommandRun evaluate(String name, String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of("evaluate", "--images-path", high.toString(), "--upscale-ratio", "2", "4"));
    arguments.addAll(List.of("--report-path", folder.resolve(name).toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private Report report(String name) throws IOException {
    return ReportFormat.read(Files.readAllBytes(folder.resolve(name + "/report.json")));
  }

  private static void write(Path path, Picture picture) throws IOException {
    Files.write(path, PngEncoder.encode(picture));
  }
}
