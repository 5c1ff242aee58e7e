package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.evaluation.measure.ReportFormat;
import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir Path folder;

  private String images;
  private String report;

  @BeforeEach
  void pictures() throws IOException {
    Path set = Files.createDirectory(folder.resolve("set"));
    Files.write(set.resolve("a.png"), PngEncoder.encode(TestPictures.rgb(64, 60, 1)));
    images = set.toString();
    report = folder.resolve("report").toString();
  }

  @Test
  void aCheckpointIsMeasuredBesideBicubic() throws IOException {
    Path checkpoint = folder.resolve("runs/checkpoint");
    TestCheckpoints.save(checkpoint, TestModels.small(4), 1);

    CommandRun run =
        CommandRun.of(
            "evaluate",
            "--images-path",
            images,
            "--checkpoint-path",
            checkpoint.toString(),
            "--report-path",
            report,
            "--protocol",
            "rgb",
            "--engine",
            "nd4j",
            "--device",
            "cpu");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("checkpoint").contains("bicubic").contains("report.json");
    Report written = ReportFormat.read(Files.readAllBytes(folder.resolve("report/report.json")));
    assertThat(written.models())
        .containsExactly(new Report.Model("checkpoint", checkpoint.toString(), 4));
    assertThat(written.results())
        .extracting(Report.Result::model)
        .containsExactly("checkpoint", "bicubic");
    assertThat(written.results().get(0).protocol()).isEqualTo("rgb");
    assertThat(written.provenance().models().get("checkpoint")).containsEntry("step", "7");
  }

  @Test
  void rejectedPicturesAreAFailureWhereThatIsAskedFor() throws IOException {
    Files.writeString(folder.resolve("set/notes.txt"), "no picture");

    assertThat(bicubic("--fail-on-rejected").code()).isEqualTo(3);
    assertThat(bicubic().code()).isZero();
  }

  @Test
  void datasetsAreCalledByWhatTellsThemApartOrByNamesThatAreGiven() throws IOException {
    Path fifth = Files.createDirectories(folder.resolve("x5/HR"));
    Path fourteenth = Files.createDirectories(folder.resolve("x14/HR"));
    Files.write(fifth.resolve("a.png"), PngEncoder.encode(TestPictures.rgb(64, 60, 1)));
    Files.write(fourteenth.resolve("a.png"), PngEncoder.encode(TestPictures.rgb(64, 60, 2)));
    String[] both = {
      "evaluate",
      "--images-path",
      fifth.toString(),
      fourteenth.toString(),
      "--upscale-ratio=4",
      "--report-path=" + report,
      "--master=local[1]"
    };

    assertThat(CommandRun.of(both).code()).isZero();
    assertThat(datasets()).containsExactly("x5/HR", "x14/HR");

    String[] named = Arrays.copyOf(both, both.length + 3);
    System.arraycopy(new String[] {"--dataset-name", "five", "fourteen"}, 0, named, both.length, 3);
    assertThat(CommandRun.of(named).code()).isZero();
    assertThat(datasets()).containsExactly("five", "fourteen");

    named[named.length - 1] = "five";
    assertThat(CommandRun.of(named).err())
        .startsWith("fovea evaluate: --dataset-name 'five': a name of its own is needed");
    assertThat(CommandRun.of(Arrays.copyOf(named, named.length - 1)).err())
        .startsWith("fovea evaluate: --dataset-name gives 1 names for 2 datasets");
  }

  private List<String> datasets() throws IOException {
    return ReportFormat.read(Files.readAllBytes(folder.resolve("report/report.json")))
        .results()
        .stream()
        .map(Report.Result::dataset)
        .toList();
  }

  @Test
  void aPictureThatEqualsItsOriginalIsLeftOutOfTheMeanOfPsnr() throws IOException {
    Path set = folder.resolve("set");
    Files.write(set.resolve("flat.png"), PngEncoder.encode(Picture.grey(64, 60, new byte[3840])));

    CommandRun run = bicubic();

    Report.Result result =
        ReportFormat.read(Files.readAllBytes(folder.resolve("report/report.json")))
            .results()
            .get(0);
    assertThat(result.images()).extracting(Report.Image::psnr).contains(100.0);
    assertThat(result.psnr()).isEqualTo(result.images().get(0).psnr()).isLessThan(60);
    assertThat(run.err())
        .contains("set x2, bicubic: 1 picture of 2 equal the original, pixel by pixel");
  }

  @Test
  void wrongInputEndsWithTwoAndOneLine() throws IOException {
    String missing = folder.resolve("none").toString();
    String empty = Files.createDirectory(folder.resolve("empty")).toString();
    String file = folder.resolve("set/a.png").toString();

    refused("--images-path '%s': there is no such folder".formatted(missing))
        .by("--images-path", missing, "--upscale-ratio", "4", "--report-path", report);
    refused("--images-path '%s': there is no file in it".formatted(empty))
        .by("--images-path", empty, "--upscale-ratio", "4", "--report-path", report);
    refused("--images-path '%s': it is a file; name the folder of the pictures".formatted(file))
        .by("--images-path", file, "--upscale-ratio", "4", "--report-path", report);
    refused("--upscale-ratio '3': one of 2, 4 and 8 is needed")
        .by("--images-path", images, "--upscale-ratio", "3", "--report-path", report);
    refused("--upscale-ratio 'many': a whole number is needed")
        .by("--images-path", images, "--upscale-ratio", "many", "--report-path", report);
    refused("--protocol 'x': y or rgb is needed")
        .by(
            "--images-path",
            images,
            "--upscale-ratio",
            "4",
            "--report-path",
            report,
            "--protocol",
            "x");
    refused("--checkpoint-path or --upscale-ratio is missing")
        .by("--images-path", images, "--report-path", report);
    refused("--checkpoint-path '%s': no checkpoint at".formatted(missing))
        .by("--images-path", images, "--checkpoint-path", missing, "--report-path", report);
    refused("--report-path '%s/report.json': %s is no folder".formatted(file, file))
        .by("--images-path", images, "--upscale-ratio", "4", "--report-path", file);
    refused("--images-path '%s': this folder is named twice".formatted(images))
        .by("--images-path", images, images, "--upscale-ratio", "4", "--report-path", report);
    assertThat(folder.resolve("report")).doesNotExist();
  }

  @Test
  void theRatioOfACheckpointIsItsOwn() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    TestCheckpoints.save(checkpoint, TestModels.small(4), 1);

    refused("--upscale-ratio '2': the model in %s upscales 4 times".formatted(checkpoint))
        .by(
            "--images-path",
            images,
            "--upscale-ratio",
            "2",
            "--checkpoint-path",
            checkpoint.toString(),
            "--report-path",
            report);
  }

  private CommandRun bicubic(String... more) {
    String[] arguments = {
      "evaluate", "--images-path", images, "--upscale-ratio", "2", "--report-path", report
    };
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return CommandRun.of(all);
  }

  private static Refusal refused(String message) {
    return new Refusal(message);
  }

  /** An expected message. */
  private record Refusal(String message) {
    void by(String... options) {
      String[] arguments = new String[options.length + 1];
      arguments[0] = "evaluate";
      System.arraycopy(options, 0, arguments, 1, options.length);
      CommandRun run = CommandRun.of(arguments);
      assertThat(run.errors()).hasSize(1);
      assertThat(run.err()).startsWith("fovea evaluate: " + message);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
    }
  }
}
