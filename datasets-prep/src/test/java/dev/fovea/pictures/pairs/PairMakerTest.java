package dev.fovea.pictures.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.JpegEncoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.SharedData;
import dev.fovea.pictures.resample.Imresize;
import dev.fovea.pictures.resample.Kernel;
import dev.fovea.pictures.resample.Resampler;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PairMakerTest {
  private static final Picture NOISE = noise(90, 70);

  @Property(tries = 50)
  void theSameSeedGivesTheSameBits(@ForAll long seed) {
    PairSettings settings =
        new PairSettings(32, 4, CropMode.RESIZED, Downscaler.BILINEAR, .1, .1, .1, .1, Flips.ALL);
    Pair first = make(NOISE, settings, seed);
    make(NOISE, settings, seed + 1);
    Pair second = make(NOISE, settings, seed);
    assertThat(second.low().samples()).isEqualTo(first.low().samples());
    assertThat(second.high().samples()).isEqualTo(first.high().samples());
  }

  @Property(tries = 50)
  void everyPixelOfANativeCropIsAPixelOfThePicture(@ForAll long seed) {
    Pair pair = make(NOISE, plain(CropMode.NATIVE, Downscaler.BICUBIC, Flips.ALL), seed);
    Set<Float> values = new HashSet<>();
    for (float value : NOISE.toPlanes().samples()) {
      values.add(value);
    }
    for (float value : pair.high().samples()) {
      assertThat(values).contains(value);
    }
  }

  @Test
  void allEightMirroringsOccurAndOnlyTwoWhereFlipsAreHorizontal() {
    Picture square = noise(32, 32);
    assertThat(distinct(square, Flips.ALL)).isEqualTo(8);
    assertThat(distinct(square, Flips.HORIZONTAL)).isEqualTo(2);
  }

  @Test
  void theLowSideIsTheDownscaledHighSide() {
    for (long seed = 0; seed < 20; seed++) {
      Pair bicubic = make(NOISE, plain(CropMode.NATIVE, Downscaler.BICUBIC, Flips.ALL), seed);
      assertThat(Differences.largest(bicubic.low(), Imresize.bicubic8Bit(bicubic.high(), 8, 8)))
          .isZero();
      Pair bilinear = make(NOISE, plain(CropMode.RESIZED, Downscaler.BILINEAR, Flips.ALL), seed);
      Planes expected = Resampler.antialiased(bilinear.high(), 8, 8, Kernel.BILINEAR);
      assertThat(Differences.largest(bilinear.low(), expected)).isZero();
    }
  }

  @Test
  void resizedCropsAgreeWithResizingTheSameWindow() {
    PairSettings settings = plain(CropMode.RESIZED, Downscaler.BILINEAR, Flips.HORIZONTAL);
    for (long seed = 0; seed < 20; seed++) {
      CropWindow window = CropWindow.randomArea(90, 70, new RandomStream(seed));
      Planes cut = NOISE.toPlanes().crop(window.x(), window.y(), window.width(), window.height());
      Planes expected = Resampler.antialiased(cut, 32, 32, Kernel.BILINEAR);
      Planes mirrored = new Planes(3, 32, 32, expected.samples().clone());
      Flipping.leftToRight(mirrored.samples(), 0, 3, 32);
      Planes high = make(NOISE, settings, seed).high();
      assertThat(Math.min(Differences.largest(high, expected), Differences.largest(high, mirrored)))
          .isLessThan(1e-6);
    }
  }

  @Test
  void aGreyPictureGivesTheSamePairAsItsRgbTwin() {
    Picture grey =
        Picture.grey(
            90, 70, NOISE.crop(0, 0, 90, 70).samples().window(0, 6300, 0, 1).toBytes().values());
    Picture rgb = Picture.rgb8(grey.toPlanes());
    for (CropMode mode : CropMode.values()) {
      PairSettings settings =
          new PairSettings(32, 4, mode, Downscaler.BICUBIC, .1, .1, .1, 0, Flips.ALL);
      Pair one = make(grey, settings, 5);
      Pair other = make(rgb, settings, 5);
      assertThat(one.high().samples()).isEqualTo(other.high().samples());
      assertThat(one.low().samples()).isEqualTo(other.low().samples());
    }
  }

  @Property(tries = 40)
  void aPairFromAFileIsThatOfItsPicture(@ForAll long seed, @ForAll CropMode mode)
      throws RejectedPictureException {
    PairSettings settings =
        new PairSettings(32, 4, mode, Downscaler.BICUBIC, .1, .1, .1, .1, Flips.ALL);
    for (byte[] file : new byte[][] {JpegEncoder.encode(NOISE, 80), PngEncoder.encode(NOISE)}) {
      Pair expected = make(decoded(file), settings, seed);
      float[] low = new float[settings.lowLength()];
      float[] high = new float[settings.highLength()];
      PairMaker.make(file, Limits.defaults(), settings, seed, low, 0, high, 0);
      assertThat(low).isEqualTo(expected.low().samples());
      assertThat(high).isEqualTo(expected.high().samples());
    }
  }

  @Test
  void aStronglyShrunkCropOfAJpegIsCloseToThatOfItsPicture() throws IOException {
    byte[] file =
        Files.readAllBytes(
            SharedData.require("train/bsds500").resolve(SharedData.firstIn("train/bsds500")));
    PairSettings settings =
        new PairSettings(
            48, 4, CropMode.RESIZED, Downscaler.BILINEAR, 0, 0, 0, 0, Flips.HORIZONTAL);
    Picture picture = decoded(file);
    double sum = 0;
    for (long seed = 0; seed < 30; seed++) {
      float[] low = new float[settings.lowLength()];
      float[] high = new float[settings.highLength()];
      PairMaker.make(file, Limits.defaults(), settings, seed, low, 0, high, 0);
      Pair expected = make(picture, settings, seed);
      double psnr = Differences.psnr(new Planes(3, 48, 48, high), expected.high());
      assertThat(psnr).isGreaterThan(35);
      sum += Math.min(psnr, 60);
    }
    assertThat(sum / 30).isGreaterThan(40);
  }

  private static Picture decoded(byte[] file) throws RejectedPictureException {
    return PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.SRGB).picture();
  }

  @Test
  void aPictureSmallerThanTheTargetIsRefusedForNativeCrops() {
    PairSettings settings = plain(CropMode.NATIVE, Downscaler.BICUBIC, Flips.ALL);
    assertThatThrownBy(() -> make(noise(31, 40), settings, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a picture of 31x40 is smaller than the target resolution 32");
  }

  @Property(tries = 300)
  void randomAreasLieInsideAndHaveAnAspectOfThreeToFour(@ForAll long seed) {
    CropWindow window = CropWindow.randomArea(400, 300, new RandomStream(seed));
    assertThat(window.x()).isBetween(0, 400 - window.width());
    assertThat(window.y()).isBetween(0, 300 - window.height());
    double area = window.width() * (double) window.height() / (400 * 300);
    assertThat(area).isBetween(0.079, 1.0);
    assertThat((double) window.width() / window.height()).isBetween(0.74, 1.35);
  }

  @Test
  void settingsThatDoNotFitAreRefused() {
    assertThatThrownBy(
            () ->
                new PairSettings(30, 4, CropMode.NATIVE, Downscaler.BICUBIC, 0, 0, 0, 0, Flips.ALL))
        .hasMessageContaining("target resolution 30 is not a positive multiple");
    assertThatThrownBy(
            () ->
                new PairSettings(
                    32, 4, CropMode.NATIVE, Downscaler.BICUBIC, 0, 0, 0, 0.6, Flips.ALL))
        .hasMessage("hue jitter 0.6 is not from 0 to 0.5");
  }

  private record Pair(Planes low, Planes high) {}

  private static Pair make(Picture picture, PairSettings settings, long seed) {
    // Offsets that are not 0 show what is written where.
    float[] low = new float[3 + settings.lowLength()];
    float[] high = new float[5 + settings.highLength()];
    PairMaker.make(picture, settings, seed, low, 3, high, 5);
    int l = settings.lowResolution();
    int h = settings.targetResolution();
    return new Pair(
        new Planes(3, l, l, java.util.Arrays.copyOfRange(low, 3, low.length)),
        new Planes(3, h, h, java.util.Arrays.copyOfRange(high, 5, high.length)));
  }

  private static PairSettings plain(CropMode mode, Downscaler downscaler, Flips flips) {
    return new PairSettings(32, 4, mode, downscaler, 0, 0, 0, 0, flips);
  }

  private static long distinct(Picture square, Flips flips) {
    Set<Integer> seen = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      Pair pair = make(square, plain(CropMode.NATIVE, Downscaler.BICUBIC, flips), seed);
      seen.add(java.util.Arrays.hashCode(pair.high().samples()));
    }
    return seen.size();
  }

  private static Picture noise(int width, int height) {
    byte[] bytes = new byte[3 * width * height];
    new Random(1).nextBytes(bytes);
    return Picture.rgb(width, height, bytes);
  }
}
