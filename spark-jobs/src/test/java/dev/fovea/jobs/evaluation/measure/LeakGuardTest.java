package dev.fovea.jobs.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.data.prepare.PrepareJob;
import dev.fovea.jobs.data.prepare.PrepareSettings;
import dev.fovea.jobs.data.prepare.PrepareSettings.ExistingOutput;
import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Terminal;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.encode.JpegEncoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.fingerprint.Fingerprints;
import dev.fovea.pictures.picture.Picture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From prepare, which keeps the fingerprints, to the report, which lists the matches. */
class LeakGuardTest {
  @TempDir Path folder;

  @Test
  void copiesOfTrainingPicturesAndOfTheirPartsAreListedAndNamed() throws Exception {
    Path train = Files.createDirectory(folder.resolve("train"));
    Picture whole = TestPictures.rgb(200, 130, 1);
    Files.write(train.resolve("whole.png"), PngEncoder.encode(whole));
    Files.write(train.resolve("other.png"), PngEncoder.encode(TestPictures.grey(90, 70, 2)));
    Path test = Files.createDirectory(folder.resolve("test"));
    Files.write(test.resolve("compressed.jpg"), JpegEncoder.encode(whole, 60));
    Files.write(test.resolve("mirrored.png"), PngEncoder.encode(mirrored(whole)));
    Files.write(test.resolve("part.jpg"), JpegEncoder.encode(whole.crop(0, 0, 64, 64), 95));
    Files.copy(train.resolve("other.png"), test.resolve("same.png"));
    Files.write(test.resolve("stranger.png"), PngEncoder.encode(noise()));
    StringWriter printed = new StringWriter();
    Console console =
        new Console(new PrintWriter(printed), new PrintWriter(printed), Terminal.NONE);
    Report report;
    try (JavaSparkContext spark =
        new SparkSetup(Optional.of("local[2]"), Map.of()).open("leaks", cores -> 1)) {
      Configuration hadoop = spark.hadoopConfiguration();
      Path shards = folder.resolve("shards");
      PrepareSettings settings =
          new PrepareSettings(
              List.of(train.toString()),
              shards.toString(),
              OptionalInt.of(64),
              100,
              120,
              ExistingOutput.KEEP);
      new PrepareJob(hadoop, settings, console).run(spark);
      Fingerprints known =
          new ShardFolder(hadoop, new org.apache.hadoop.fs.Path(shards.toString()))
              .fingerprints()
              .orElseThrow();
      report =
          new EvaluateJob(spark, console)
              .run(
                  plan(hadoop, test, known),
                  new org.apache.hadoop.fs.Path(folder.resolve("report").toUri()));
    }

    assertThat(report.leaks())
        .extracting(leak -> leak.name() + " " + leak.match())
        .containsExactly(
            "compressed.jpg similar",
            "mirrored.png turned",
            "part.jpg similar",
            "same.png identical");
    assertThat(report.leaks().get(0).trainingPicture()).isEqualTo("whole.png");
    assertThat(report.leaks().get(2).trainingPicture()).isEqualTo("whole.png#xywh=0,0,64,64");
    assertThat(report.leaks()).allMatch(leak -> leak.model().equals("known"));
    assertThat(report.provenance().models().get("known"))
        .containsEntry("training_pictures_compared", "18");
    assertThat(report.provenance().models().get("unknown"))
        .containsEntry("training_pictures_compared", "training data unknown");
    assertThat(printed.toString())
        .contains("warning: test/mirrored.png is among the pictures that known was trained on");
    assertThat(ReportFormat.read(Files.readAllBytes(folder.resolve("report/report.json"))))
        .isEqualTo(report);
  }

  private static EvaluateJob.Plan plan(Configuration hadoop, Path test, Fingerprints known)
      throws Exception {
    return new EvaluateJob.Plan(
        DatasetListing.list(hadoop, List.of(test.toString())),
        List.of(model("known", Optional.of(known)), model("unknown", Optional.empty())),
        List.of(2),
        Protocol.Y,
        TestModels.ENGINE,
        Bootstrap.of(0));
  }

  private static EvaluatedModel model(String id, Optional<Fingerprints> training) {
    return new EvaluatedModel(
        id, id, TestModels.weights(TestModels.small(2), 1), new TreeMap<>(), training);
  }

  private static Picture mirrored(Picture picture) {
    byte[] samples = new byte[picture.samples().length()];
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        for (int c = 0; c < 3; c++) {
          samples[(y * picture.width() + x) * 3 + c] =
              (byte) picture.samples().at((y * picture.width() + picture.width() - 1 - x) * 3 + c);
        }
      }
    }
    return Picture.rgb(picture.width(), picture.height(), samples);
  }

  private static Picture noise() {
    byte[] samples = new byte[90 * 90];
    new java.util.Random(5).nextBytes(samples);
    return Picture.grey(90, 90, samples);
  }
}
