package dev.fovea.jobs.upscaling.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.evaluation.measure.SharedData;
import dev.fovea.jobs.upscaling.single.Bicubic;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.resample.Imresize;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackProjectionTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void bicubicComesBackAsBicubicDoes(int ratio) {
    Picture low = TestPictures.rgb(61, 47, 1);

    AuditFigures figures =
        BackProjection.compare(low, Bicubic.downscaled(Bicubic.upscaled(low, ratio), ratio), ratio);

    assertThat(figures.psnr()).isBetween(figures.bicubicPsnr() - 0.5, figures.bicubicPsnr() + 0.5);
    // Four times what a trained network leaves: 6 dB.
    assertThat(figures.worst()).isBetween(4.0, 8.0);
    assertThat(figures.channels()).isEqualTo("rgb");
  }

  @Test
  void theRoundTripInOneStepIsThatInTwo() {
    Planes low = TestPictures.grey(40, 1, 3).toPlanes().crop(0, 0, 40, 1);
    Planes large = Imresize.bicubic(low, 1, 160);
    float[] back = Imresize.bicubic(large, 1, 40).samples();
    float[][] rows = new float[2 * RoundTrip.REACH + 1][40];
    for (float[] row : rows) {
      System.arraycopy(low.samples(), 0, row, 0, 40);
    }
    float[] found = new float[40];

    RoundTrip.of(4).row(rows, 1, new float[40], found);

    for (int x = RoundTrip.REACH; x < 40 - RoundTrip.REACH; x++) {
      assertThat(found[x]).isCloseTo(back[x], org.assertj.core.data.Offset.offset(1e-5f));
    }
  }

  @Test
  void aPictureThatComesBackExactlyIsPerfect() {
    Picture low = TestPictures.grey(20, 9, 1);

    AuditFigures figures = BackProjection.compare(low, low, 4);

    assertThat(figures.psnr()).isEqualTo(99);
    assertThat(figures.worst()).isLessThanOrEqualTo(0);
    assertThat(figures.channels()).isEqualTo("grey");
  }

  @Test
  void otherOrdersOfChannelsAreNamed() throws IOException {
    Picture low = photograph();
    Picture back = Bicubic.downscaled(Bicubic.upscaled(low, 2), 2);
    byte[] samples = back.samples().toBytes().values().clone();
    for (int i = 0; i < samples.length; i += 3) {
      byte red = samples[i];
      samples[i] = samples[i + 2];
      samples[i + 2] = red;
    }

    Picture turned = Picture.rgb(back.width(), back.height(), samples);

    assertThat(BackProjection.compare(low, turned, 2).channels()).isEqualTo("bgr");
    assertThat(BackProjection.compare(low, back, 2).channels()).isEqualTo("rgb");
  }

  @Test
  void tilesFromElsewhereStandOutWhereTheyAre() throws IOException {
    Picture low = photograph();
    Picture back = Bicubic.downscaled(Bicubic.upscaled(low, 2), 2);
    byte[] samples = back.samples().toBytes().values().clone();
    for (int y = 0; y < 16; y++) {
      System.arraycopy(
          samples,
          3 * ((y + 100) * back.width() + 30),
          samples,
          3 * ((y + 40) * back.width() + 80),
          48);
    }

    AuditFigures figures =
        BackProjection.compare(low, Picture.rgb(back.width(), back.height(), samples), 2);

    assertThat(figures.worst()).isGreaterThan(BackProjection.compare(low, back, 2).worst() + 6);
    assertThat(figures.window()).matches("(80|88),(40|48),8,8");
  }

  @Test
  void aRunsOwnPicturesSayWhatIsUsual() {
    Random random = new Random(1);
    double[] usual = random.doubles(200, -1, 1).toArray();
    double[] ofAPoorModel = random.doubles(200, 14, 16).toArray();

    assertThat(OutlierRule.of(usual).threshold()).isBetween(6.0, 8.0);
    assertThat(OutlierRule.of(ofAPoorModel).threshold()).isBetween(20.0, 24.0);
    assertThat(OutlierRule.of(new double[] {20}).flags(20, "rgb")).isTrue();
    assertThat(OutlierRule.of(usual).flags(0, "bgr")).isTrue();
    assertThat(OutlierRule.of(usual).flags(0, "grey")).isFalse();
  }

  private static Picture photograph() throws IOException {
    return PictureDecoder.decode(
            Files.readAllBytes(SharedData.require("benchmarks/Set5/butterfly.png")),
            Limits.defaults(),
            ColourPolicy.SRGB)
        .picture();
  }
}
