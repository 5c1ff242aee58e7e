package dev.fovea.jobs.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Terminal;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EvaluateJobTest {
  private static JavaSparkContext spark;

  @TempDir Path folder;

  private final StringWriter printed = new StringWriter();

  @BeforeAll
  static void start() {
    spark = new SparkSetup(Optional.of("local[2]"), Map.of()).open("evaluate", cores -> 2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void modelsOfSeveralRatiosStandBesideBicubicPictureByPicture() throws IOException {
    Path one = dataset("one", 4);
    Path two = dataset("two", 2);
    EvaluateJob.Plan plan =
        plan(List.of(one, two), List.of(model("a", 2), model("b", 2), model("c", 4)));

    Report report = run(plan);

    assertThat(report.results().stream().map(r -> r.dataset() + r.upscaleRatio() + r.model()))
        .containsExactly(
            "one2a",
            "one2b",
            "one2bicubic",
            "one4c",
            "one4bicubic",
            "two2a",
            "two2b",
            "two2bicubic",
            "two4c",
            "two4bicubic");
    assertThat(report.comparisons().stream().filter(c -> c.dataset().equals("one")))
        .extracting(c -> c.a() + "-" + c.b() + " " + c.metric())
        .containsExactly(
            "a-b psnr",
            "a-b ssim",
            "a-b vif",
            "a-bicubic psnr",
            "a-bicubic ssim",
            "a-bicubic vif",
            "b-bicubic psnr",
            "b-bicubic ssim",
            "b-bicubic vif",
            "c-bicubic psnr",
            "c-bicubic ssim",
            "c-bicubic vif");
    assertThat(report.models())
        .containsExactly(
            new Report.Model("a", "checkpoints/a", 2),
            new Report.Model("b", "checkpoints/b", 2),
            new Report.Model("c", "checkpoints/c", 4));
    for (Report.Comparison each : report.comparisons()) {
      double a = mean(report, each, each.a());
      double b = mean(report, each, each.b());
      assertThat(each.mean()).isCloseTo(a - b, within(1e-9));
      assertThat(each.mean()).isBetween(each.ci95().low(), each.ci95().high());
    }
    assertThat(Files.readAllBytes(folder.resolve("report/report.json")))
        .isEqualTo(ReportFormat.write(report));
    assertThat(printed.toString()).contains("bicubic").contains("report: ");
  }

  @Test
  void theFiguresDoNotDependOnTheNumberOfTasks() throws IOException {
    EvaluateJob.Plan plan = plan(List.of(dataset("set", 5)), List.of(model("a", 2)));

    Report here = run(plan);
    spark.stop();
    spark = new SparkSetup(Optional.of("local[1]"), Map.of()).open("evaluate", cores -> 1);
    Report there = run(plan);

    assertThat(there.results().get(1)).isEqualTo(here.results().get(1));
    assertThat(there.results().get(0).psnr()).isCloseTo(here.results().get(0).psnr(), within(1e-3));
  }

  @Test
  void whatIsNoPictureIsRejectedWithAReasonAndTheOthersAreMeasured() throws IOException {
    Path set = dataset("set", 2);
    Files.writeString(set.resolve("notes.txt"), "no picture");
    byte[] whole = Files.readAllBytes(set.resolve("0.png"));
    Files.write(set.resolve("half.png"), java.util.Arrays.copyOf(whole, whole.length / 2));
    Files.write(set.resolve("small.png"), PngEncoder.encode(TestPictures.rgb(44, 90, 1)));
    Files.write(set.resolve("line\nbreak.png"), whole);
    Files.writeString(set.resolve(".hidden"), "left out");

    Report report = run(plan(List.of(set), List.of(), 2));

    assertThat(report.results().get(0).images())
        .extracting(Report.Image::name)
        .containsExactly("0.png", "1.png", "line\nbreak.png");
    assertThat(report.rejected())
        .extracting(Report.Rejected::name)
        .containsExactly("half.png", "notes.txt", "small.png");
    assertThat(report.rejected().get(2).reason())
        .isEqualTo(
            "at x2 protocol y compares 40x86 pixels of it; the metrics need 41 on each side");
    assertThat(printed.toString()).contains("rejected set/notes.txt: ");
  }

  @Test
  @Timeout(60)
  void whatIsNoFileAndWhatLiesBesideAPictureDoNoHarm() throws Exception {
    Path set = dataset("set", 1);
    byte[] whole = Files.readAllBytes(set.resolve("0.png"));
    Files.write(set.resolve("2024:05:01.png"), whole);
    Files.write(set.resolve(".0.png.crc"), new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});
    Files.createSymbolicLink(set.resolve("circle"), set);
    Path pipe = set.resolve("pipe.png");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);

    Report report = run(plan(List.of(set), List.of(), 2));

    assertThat(report.results().get(0).images())
        .extracting(Report.Image::name)
        .containsExactly("0.png", "2024:05:01.png");
    assertThat(report.rejected()).extracting(Report.Rejected::name).containsExactly("pipe.png");
    assertThat(report.rejected().get(0).reason()).contains(InputStreams.NO_FILE);
  }

  @Test
  void aFolderAndALowResolutionMayHaveColonsInTheirNames() throws IOException {
    dataset("2024:05", 1);
    Path low = Files.createDirectory(folder.resolve("low:2"));
    Files.write(low.resolve("0x2.png"), PngEncoder.encode(TestPictures.rgb(33, 30, 0)));
    Configuration hadoop = spark.hadoopConfiguration();
    List<Dataset> given =
        LowResolutionListing.given(
            hadoop,
            DatasetListing.list(hadoop, List.of(folder + "/2024*")),
            List.of(low.toString()),
            List.of(2));

    Report report =
        run(
            new EvaluateJob.Plan(
                given, List.of(), List.of(2), Protocol.Y, TestModels.ENGINE, Bootstrap.of(0)));

    assertThat(report.results().get(0).dataset()).isEqualTo("2024:05");
    assertThat(report.rejected()).isEmpty();
  }

  @Test
  void aPictureTooSmallForOneRatioIsMeasuredAtTheOther() throws IOException {
    Path set = dataset("set", 1);
    Files.write(set.resolve("small.png"), PngEncoder.encode(TestPictures.rgb(48, 90, 1)));

    Report report = run(plan(List.of(set), List.of(), 2, 4));

    assertThat(report.results().get(0).images()).hasSize(2);
    assertThat(report.results().get(1).images()).hasSize(1);
    assertThat(report.rejected()).hasSize(1);
    assertThat(report.rejected().get(0).reason()).startsWith("at x4 protocol y compares 40x80");
  }

  @Test
  void whereNothingCanBeMeasuredThereIsNoReport() throws IOException {
    Path set = Files.createDirectory(folder.resolve("set"));
    Files.writeString(set.resolve("notes.txt"), "no picture");

    assertThatThrownBy(() -> run(plan(List.of(set), List.of(), 2)))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--images-path: none of 1 files can be evaluated");
    assertThat(folder.resolve("report")).doesNotExist();
  }

  @Test
  void aPictureThatTakesTooLongToDecodeIsRejected() throws IOException {
    Path set = dataset("set", 1);
    Files.write(set.resolve("slow.png"), PngEncoder.encode(TestPictures.rgb(640, 480, 1)));
    EvaluateJob.Plan usual = plan(List.of(set), List.of(), 2);
    EvaluateJob.Plan hurried =
        new EvaluateJob.Plan(
            usual.datasets(),
            List.of(),
            List.of(2),
            Protocol.Y,
            TestModels.ENGINE,
            Bootstrap.of(0),
            Limits.defaults().withDecoding(Duration.ofNanos(1)));

    Report report = run(hurried);

    assertThat(report.rejected()).extracting(Report.Rejected::name).containsExactly("slow.png");
    assertThat(report.rejected().get(0).reason()).startsWith("decoding it takes more than");
  }

  @Test
  void protocolRgbComparesAllChannelsUpToTheBorder() throws IOException {
    Path set = Files.createDirectory(folder.resolve("set"));
    Files.write(set.resolve("small.png"), PngEncoder.encode(TestPictures.rgb(44, 44, 1)));
    EvaluateJob.Plan luma = plan(List.of(set), List.of(), 2);
    EvaluateJob.Plan rgb =
        new EvaluateJob.Plan(
            luma.datasets(),
            List.of(),
            List.of(2),
            Protocol.RGB,
            TestModels.ENGINE,
            Bootstrap.of(0));

    Report report = run(rgb);

    assertThat(report.results().get(0).protocol()).isEqualTo("rgb");
    assertThat(report.results().get(0).images()).hasSize(1);
  }

  @Test
  void provenanceNamesVersionsSettingsAndTheSystemButNotTheMachine() throws Exception {
    Report report = run(plan(List.of(dataset("set", 1)), List.of(model("a", 2))));

    Report.Provenance provenance = report.provenance();
    assertThat(provenance.versions()).containsKeys("fovea", "java", "spark", "deeplearning4j");
    assertThat(provenance.versions().get("deeplearning4j")).startsWith("1.0.0");
    assertThat(provenance.settings()).containsEntry("protocol", "y");
    assertThat(provenance.models()).containsKey("a");
    assertThat(provenance.engine()).containsEntry("name", "nd4j").containsEntry("device", "cpu");
    assertThat(provenance.os()).contains(System.getProperty("os.name"));
    String json = Files.readString(folder.resolve("report/report.json"));
    assertThat(json)
        .doesNotContain(folder.toString())
        .doesNotContain(java.net.InetAddress.getLocalHost().getHostName() + "\"");
  }

  private Report run(EvaluateJob.Plan plan) throws IOException {
    Console console =
        new Console(new PrintWriter(printed), new PrintWriter(printed), Terminal.NONE);
    return new EvaluateJob(spark, console)
        .run(plan, new org.apache.hadoop.fs.Path(folder.resolve("report").toUri()));
  }

  private static EvaluateJob.Plan plan(
      List<Path> folders, List<EvaluatedModel> models, Integer... ratios) throws IOException {
    List<Integer> all = new java.util.ArrayList<>(List.of(ratios));
    models.forEach(model -> all.add(model.upscaleRatio()));
    return new EvaluateJob.Plan(
        DatasetListing.list(
            spark.hadoopConfiguration(), folders.stream().map(Path::toString).toList()),
        models,
        all,
        Protocol.Y,
        TestModels.ENGINE,
        Bootstrap.of(0));
  }

  private Path dataset(String name, int pictures) throws IOException {
    Path set = Files.createDirectory(folder.resolve(name));
    for (int i = 0; i < pictures; i++) {
      Files.write(
          set.resolve(i + ".png"),
          PngEncoder.encode(
              i % 2 == 0 ? TestPictures.rgb(67 + i, 61, i) : TestPictures.grey(60, 63 + i, i)));
    }
    return set;
  }

  private static EvaluatedModel model(String id, int ratio) {
    return new EvaluatedModel(
        id,
        "checkpoints/" + id,
        TestModels.weights(TestModels.small(ratio), id.hashCode()),
        new TreeMap<>(Map.of("step", "7")));
  }

  private static double mean(Report report, Report.Comparison where, String model) {
    return report.results().stream()
        .filter(r -> r.dataset().equals(where.dataset()))
        .filter(r -> r.upscaleRatio() == where.upscaleRatio() && r.model().equals(model))
        .mapToDouble(
            r ->
                switch (where.metric()) {
                  case "psnr" -> r.psnr();
                  case "ssim" -> r.ssim();
                  default -> r.vif();
                })
        .findFirst()
        .orElseThrow();
  }
}
