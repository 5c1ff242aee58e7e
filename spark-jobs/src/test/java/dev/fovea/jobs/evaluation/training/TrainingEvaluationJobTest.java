package dev.fovea.jobs.evaluation.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.data.shard.ShardManifest;
import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.jobs.data.shard.ShardWriter;
import dev.fovea.jobs.evaluation.measure.Scores;
import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Outcome;
import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Settings;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.digest.Sha256;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.Nchw;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.metric.Psnr;
import dev.fovea.model.metric.Raster;
import dev.fovea.model.metric.Ssim;
import dev.fovea.model.metric.Vif;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.pairs.Downscaler;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.resample.Imresize;
import dev.fovea.pictures.resample.Kernel;
import dev.fovea.pictures.resample.Resampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingEvaluationJobTest {
  private static final ModelWeights FIRST = TestModels.weights(TestModels.small(4), 1);
  private static final ModelWeights SECOND = TestModels.weights(TestModels.small(4), 2);

  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = new SparkSetup(Optional.of("local[2]"), Map.of()).open("evaluate", cores -> 1);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void eachEvaluationIsTheMeanOverTheCentresOfAllPictures() throws IOException {
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      pictures.add(TestPictures.rgb(70 + i % 2, 69, i));
    }
    pictures.add(TestPictures.grey(100, 50, 3));
    pictures.add(TestPictures.rgb(40, 90, 3));
    Settings settings = new Settings(64, 4, Downscaler.BICUBIC);

    try (TrainingEvaluationJob job = job(pictures, settings)) {
      Outcome first = job.evaluate(FIRST);
      Outcome second = job.evaluate(SECOND);
      Outcome firstAgain = job.evaluate(FIRST);

      assertThat(first.pictures()).isEqualTo(19);
      assertThat(first.tooSmall()).isEqualTo(1);
      assertEqual(first.mean(), byHand(pictures.subList(0, 19), settings, 1));
      assertEqual(second.mean(), byHand(pictures.subList(0, 19), settings, 2));
      assertThat(firstAgain).isEqualTo(first);
      assertThat(second.mean()).isNotEqualTo(first.mean());
    }
  }

  @Test
  void lowResolutionsAreMadeAsInTraining() throws IOException {
    List<Picture> pictures = List.of(TestPictures.rgb(64, 64, 1));
    Settings settings = new Settings(64, 4, Downscaler.BILINEAR);

    try (TrainingEvaluationJob job = job(pictures, settings)) {
      assertEqual(job.evaluate(FIRST).mean(), byHand(pictures, settings, 1));
    }
  }

  @Test
  void withoutALargeEnoughPictureThereIsNothingToEvaluate() throws IOException {
    Settings settings = new Settings(64, 4, Downscaler.BICUBIC);

    try (TrainingEvaluationJob job = job(List.of(TestPictures.rgb(30, 64, 1)), settings)) {
      assertThatThrownBy(() -> job.evaluate(FIRST))
          .hasMessage("all 1 test pictures are too small to be scored");
    }
  }

  private static Scores byHand(List<Picture> pictures, Settings settings, long seed) {
    List<Scores> scores = new ArrayList<>();
    try (Upscaler upscaler = TestModels.open(TestModels.small(4), seed)) {
      for (Picture picture : pictures) {
        int width = Math.min(64, picture.width() / 4 * 4);
        int height = Math.min(64, picture.height() / 4 * 4);
        Planes high =
            picture
                .toPlanes()
                .crop(
                    (picture.width() - width) / 2, (picture.height() - height) / 2, width, height);
        Planes low =
            settings.downscaler() == Downscaler.BICUBIC
                ? Imresize.bicubic(high, height / 4, width / 4).quantized()
                : Resampler.antialiased(high, height / 4, width / 4, Kernel.BILINEAR);
        float[] result =
            Nchw.floats(upscaler.upscale(Nchw.of(low.samples(), 1, 3, height / 4, width / 4)));
        Raster a =
            Raster.unit(
                3, height, width, new Planes(3, height, width, result).quantized().samples());
        Raster b = Raster.unit(3, height, width, high.samples());
        scores.add(new Scores(Psnr.of(a, b), Ssim.of(a, b), Vif.of(a, b)));
      }
    }
    return Scores.mean(scores);
  }

  /** Sums of floats in another order may round a pixel the other way. */
  private static void assertEqual(Scores found, Scores expected) {
    assertThat(found.psnr()).isCloseTo(expected.psnr(), within(1e-3));
    assertThat(found.ssim()).isCloseTo(expected.ssim(), within(1e-4));
    assertThat(found.vif()).isCloseTo(expected.vif(), within(1e-4));
  }

  private TrainingEvaluationJob job(List<Picture> pictures, Settings settings) throws IOException {
    Configuration hadoop = new Configuration();
    org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(folder.toUri());
    ShardManifest.Shard shard;
    try (ShardWriter writer = new ShardWriter(hadoop, new ShardFolder(hadoop, root).shard(0))) {
      for (int i = 0; i < pictures.size(); i++) {
        Picture picture = pictures.get(i);
        byte[] bytes = PngEncoder.encode(picture);
        writer.write(
            new ShardRow(
                i + ".png", Sha256.hex(bytes), picture.width(), picture.height(), "PNG", bytes));
      }
      shard = writer.finish();
    }
    ShardIndex index = ShardIndex.read(hadoop, root, List.of(shard));
    return new TrainingEvaluationJob(spark, index, settings, "nd4j", EngineOptions.cpu(1));
  }
}
