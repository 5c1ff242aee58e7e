package dev.fovea.model.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.model.golden.NpzFile;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {
  private static final NpzFile GOLDEN = NpzFile.golden("metrics.npz");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void psnrFollowsTorchmetrics(int pair) {
    assertThat(Psnr.of(golden("pred_" + pair), golden("target_" + pair)))
        .isCloseTo(figure("psnr_" + pair), within(1e-4));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void ssimFollowsTorchmetricsOncePicturesAreReflectedAtTheirBorders(int pair) {
    // torchmetrics 1.9 measures windows over the border as well, on reflected pixels.
    Raster prediction = reflected(golden("pred_" + pair), 5);
    Raster reference = reflected(golden("target_" + pair), 5);
    assertThat(Ssim.of(prediction, reference)).isCloseTo(figure("ssim_" + pair), within(1e-4));
  }

  /** The same definition with {@code scipy.ndimage.correlate1d}, cropped to whole windows. */
  @ParameterizedTest
  @CsvSource({"0, 0.9569126832", "1, 0.9422279777", "2, 0.1107939411"})
  void ssimOfWholeWindowsFollowsScipy(int pair, double expected) {
    assertThat(Ssim.of(golden("pred_" + pair), golden("target_" + pair)))
        .isCloseTo(expected, within(1e-8));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void vifFollowsTorchmetricsOnSamplesOf255(int pair) {
    assertThat(Vif.of(golden("pred_" + pair), golden("target_" + pair)))
        .isCloseTo(figure("vif_255_range_" + pair), within(1e-4));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void vifWithoutScalingFollowsTorchmetricsOnSamplesOfOne(int pair) {
    assertThat(Vif.of(golden("pred_" + pair), golden("target_" + pair), 1))
        .isCloseTo(figure("vif_unit_range_" + pair), within(1e-4));
  }

  @Property(tries = 30)
  void equalPicturesAreFaultless(@ForAll("pictures") Raster picture) {
    assertThat(Psnr.of(picture, picture)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Ssim.of(picture, picture)).isCloseTo(1, within(1e-12));
    assertThat(Vif.of(picture, picture)).isCloseTo(1, within(1e-6));
  }

  @Property(tries = 30)
  void psnrAndSsimDoNotCareWhichPictureIsTheReference(@ForAll("pictures") Raster picture) {
    Raster other = noisy(picture, 3);
    assertThat(Psnr.of(picture, other)).isEqualTo(Psnr.of(other, picture));
    assertThat(Ssim.of(picture, other)).isCloseTo(Ssim.of(other, picture), within(1e-12));
  }

  @Property(tries = 30)
  void figuresDoNotDependOnTheUnitOfTheSamples(@ForAll("pictures") Raster picture) {
    Raster other = noisy(picture, 4);
    assertThat(Psnr.of(in255(other), in255(picture)))
        .isCloseTo(Psnr.of(other, picture), within(1e-4));
    assertThat(Ssim.of(in255(other), in255(picture)))
        .isCloseTo(Ssim.of(other, picture), within(1e-5));
    assertThat(Vif.of(in255(other), in255(picture)))
        .isCloseTo(Vif.of(other, picture), within(1e-5));
  }

  @Property(tries = 30)
  void noiseCostsQuality(@ForAll("pictures") Raster picture) {
    Raster other = noisy(picture, 5);
    assertThat(Psnr.of(other, picture)).isBetween(0.0, 40.0);
    assertThat(Ssim.of(other, picture)).isBetween(-1.0, 0.9999);
    assertThat(Vif.of(other, picture)).isBetween(0.0, 0.9999);
  }

  @Test
  void aFlatReferenceHasNothingToLose() {
    Raster flat = Raster.unit(1, 41, 41, new float[41 * 41]);
    assertThat(Vif.of(noisy(flat, 1), flat)).isEqualTo(1);
    assertThat(Vif.of(flat, noisy(flat, 1))).isZero();
  }

  @Test
  void blackAndWhiteAre16And235InLuma() {
    Raster picture = Raster.withPeak(255, 3, 1, 2, new float[] {0, 255, 0, 255, 0, 255});
    assertThat(picture.luma().samples()).containsExactly(16, 235);
    Raster unit = Raster.unit(3, 1, 3, new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
    assertThat(unit.luma().samples()).containsExactly(81.481f / 255, 144.553f / 255, 40.966f / 255);
  }

  @Test
  void greyIsItsOwnLuma() {
    Raster grey = Raster.unit(1, 1, 2, new float[] {0, 1});
    assertThat(grey.luma()).isSameAs(grey);
  }

  @Test
  void aBorderIsCutFromEveryChannel() {
    float[] samples = new float[2 * 3 * 4];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = i;
    }
    Raster inner = Raster.withPeak(24, 2, 3, 4, samples).withoutBorder(1);
    assertThat(inner.samples()).containsExactly(5, 6, 17, 18);
    assertThat(inner.toString()).isEqualTo("[2, 1, 2] with peak 24.0");
    assertThatThrownBy(() -> inner.withoutBorder(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a border of 1 cannot be cut from 2x1 pixels");
  }

  @Test
  void tooSmallPicturesAreRefused() {
    Raster ten = Raster.unit(1, 10, 30, new float[300]);
    assertThatThrownBy(() -> Ssim.of(ten, ten))
        .hasMessage("SSIM needs 11x11 pixels or more, found 30x10");
    Raster forty = Raster.unit(1, 50, 40, new float[2000]);
    assertThatThrownBy(() -> Vif.of(forty, forty))
        .hasMessage("VIF needs 41x41 pixels or more, found 40x50");
  }

  @Test
  void differentShapesAreRefused() {
    Raster wide = Raster.unit(1, 1, 2, new float[2]);
    Raster high = Raster.unit(1, 2, 1, new float[2]);
    assertThatThrownBy(() -> Psnr.of(wide, high))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 1, 2]")
        .hasMessageContaining("[1, 2, 1]");
    assertThatThrownBy(() -> Psnr.of(wide, in255(wide))).hasMessageContaining("255.0");
    assertThatThrownBy(() -> Raster.unit(3, 2, 2, new float[11])).hasMessageContaining("11");
  }

  @Provide
  Arbitrary<Raster> pictures() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(41, 70),
            Arbitraries.integers().between(41, 70),
            Arbitraries.longs())
        .as(MetricsTest::picture);
  }

  /** Waves and noise: structure at every scale. */
  private static Raster picture(int channels, int height, int width, long seed) {
    Random random = new Random(seed);
    float[] samples = new float[channels * height * width];
    double slope = random.nextDouble();
    for (int i = 0; i < samples.length; i++) {
      int row = i / width;
      double wave = Math.sin(i % width * slope) + Math.cos(row * slope / 3);
      samples[i] = (float) (0.5 + 0.15 * wave + 0.2 * (random.nextDouble() - 0.5));
    }
    return Raster.unit(channels, height, width, samples);
  }

  private static Raster noisy(Raster picture, long seed) {
    Random random = new Random(seed);
    float[] samples = picture.samples().clone();
    for (int i = 0; i < samples.length; i++) {
      samples[i] += 0.1f * (float) random.nextGaussian();
    }
    return Raster.unit(picture.channels(), picture.height(), picture.width(), samples);
  }

  private static Raster in255(Raster picture) {
    float[] samples = picture.samples().clone();
    for (int i = 0; i < samples.length; i++) {
      samples[i] *= 255;
    }
    return Raster.withPeak(255, picture.channels(), picture.height(), picture.width(), samples);
  }

  private static Raster golden(String name) {
    NpzFile.Values values = GOLDEN.get(name);
    long[] shape = values.shape();
    return Raster.unit((int) shape[0], (int) shape[1], (int) shape[2], values.elements());
  }

  /** With a border of pixels mirrored at the edge pixels, which are not repeated. */
  private static Raster reflected(Raster picture, int border) {
    int height = picture.height() + 2 * border;
    int width = picture.width() + 2 * border;
    float[] samples = new float[picture.channels() * height * width];
    for (int i = 0; i < samples.length; i++) {
      int channel = i / (height * width);
      int y = mirror(i / width % height - border, picture.height());
      int x = mirror(i % width - border, picture.width());
      samples[i] = picture.samples()[(channel * picture.height() + y) * picture.width() + x];
    }
    return Raster.unit(picture.channels(), height, width, samples);
  }

  private static int mirror(int index, int length) {
    int positive = Math.abs(index);
    return positive < length ? positive : 2 * (length - 1) - positive;
  }

  private static double figure(String name) {
    return GOLDEN.get(name).elements()[0];
  }
}
