package dev.fovea.pictures.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.pictures.encode.JpegEncoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.encode.WebpEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.picture.SharedData;
import dev.fovea.pictures.resample.Kernel;
import dev.fovea.pictures.resample.Resampler;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
  private static final Picture SCENE = scene(163, 121);

  @Property(tries = 200)
  void aRegionHasThePixelsOfTheWholePicture(
      @ForAll @IntRange(min = 0, max = 120) int x,
      @ForAll @IntRange(min = 0, max = 120) int y,
      @ForAll @IntRange(min = 1, max = 163) int width,
      @ForAll @IntRange(min = 1, max = 121) int height,
      @ForAll @IntRange(min = 1, max = 8) int orientation,
      @ForAll boolean fullChroma)
      throws IOException {
    Picture tagged = SCENE.withExif(Optional.of(exif(orientation)));
    byte[] file = JpegEncoder.encode(tagged, fullChroma ? 95 : 70);
    Picture whole = whole(file);
    int left = Math.min(x, whole.width() - 1);
    int top = Math.min(y, whole.height() - 1);
    int w = Math.min(width, whole.width() - left);
    int h = Math.min(height, whole.height() - top);
    Picture region =
        PictureFile.open(file, Limits.defaults())
            .decodeRegion(ColourPolicy.SRGB, left, top, w, h)
            .picture();
    Differences.assertSame(region, whole.crop(left, top, w, h));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "progressive_420.jpg", "baseline_411.jpg", "baseline_440.jpg", "sampling_410.jpg",
        "grey.jpg", "cmyk_adobe.jpg", "restart_markers.jpg", "icc_display_p3.jpg",
        "sampling_2x2_2x2_1x1_progressive.jpg", "sampling_3x1.jpg"
      })
  void aRegionOfAnyJpegHasThePixelsOfTheWholePicture(String name) throws IOException {
    byte[] file = Files.readAllBytes(SharedData.require("awkward/jpeg/" + name));
    Picture whole = whole(file);
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      int width = 1 + random.nextInt(200);
      int height = 1 + random.nextInt(150);
      int x = random.nextInt(384 - width + 1);
      int y = random.nextInt(256 - height + 1);
      Picture region =
          PictureFile.open(file, Limits.defaults())
              .decodeRegion(ColourPolicy.SRGB, x, y, width, height)
              .picture();
      Differences.assertSame(region, whole.crop(x, y, width, height));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void reducedPixelsAreMeans(int factor) throws IOException {
    byte[] file = JpegEncoder.encode(SCENE, 98);
    Planes whole = whole(file).toPlanes();
    Picture reduced =
        PictureFile.open(file, Limits.defaults())
            .decodeReduced(ColourPolicy.SRGB, 0, 0, 163, 121, factor)
            .picture();
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < 121 / factor; y++) {
        for (int x = 0; x < 163 / factor; x++) {
          double sum = 0;
          for (int i = 0; i < factor * factor; i++) {
            int row = factor * y + i / factor;
            sum += whole.samples()[(channel * 121 + row) * 163 + factor * x + i % factor];
          }
          int level = reduced.samples().at(3 * (y * reduced.width() + x) + channel);
          assertThat(level / 255.0).isCloseTo(sum / factor / factor, within(2.5 / 255));
        }
      }
    }
  }

  @Property(tries = 200)
  void aReducedRegionShrinksOnToTheSamePictureInEveryOrientation(
      @ForAll @IntRange(min = 0, max = 40) int x,
      @ForAll @IntRange(min = 0, max = 40) int y,
      @ForAll @IntRange(min = 40, max = 81) int width,
      @ForAll @IntRange(min = 40, max = 81) int height,
      @ForAll @IntRange(min = 1, max = 8) int orientation,
      @ForAll boolean fullChroma,
      @ForAll @IntRange(min = 1, max = 3) int halvings)
      throws IOException {
    int factor = 1 << halvings;
    int side = 20 / factor;
    Picture tagged = SCENE.withExif(Optional.of(exif(orientation)));
    byte[] file = JpegEncoder.encode(tagged, fullChroma ? 98 : 89);
    Planes cut = whole(file).crop(x, y, width, height).toPlanes();
    Planes expected = Resampler.antialiased(cut, side, side, Kernel.BILINEAR);
    ReducedRegion reduced =
        PictureFile.open(file, Limits.defaults())
            .decodeReduced(ColourPolicy.SRGB, x, y, width, height, factor);
    assertThat(reduced.width()).isEqualTo(width / (double) factor);
    assertThat(reduced.picture().width()).isBetween(width / factor, width / factor + 2);
    // Shrunk on from there, it is what shrinking at once gives, but for a little sharpness.
    Planes shrunk = shrunk(reduced, side);
    // The larger the pixels, the more of what surrounds the rectangle is in those at its edge.
    assertThat(Differences.psnr(shrunk, expected)).isGreaterThan(42 - 5 * halvings);
  }

  @Test
  void whetherSamplesAreSrgbIsKnownBeforeDecoding() throws IOException {
    byte[] srgb = profile(ColorSpace.CS_sRGB);
    byte[] linear = profile(ColorSpace.CS_LINEAR_RGB);
    for (byte[] icc : new byte[][] {srgb, linear, new byte[200]}) {
      Picture tagged = SCENE.withIcc(Optional.of(icc));
      for (byte[] file :
          new byte[][] {
            JpegEncoder.encode(tagged, 80), PngEncoder.encode(tagged), WebpEncoder.lossless(tagged)
          }) {
        PictureFile opened = PictureFile.open(file, Limits.defaults());
        assertThat(opened.storesSrgb()).isEqualTo(icc != linear);
        Picture kept =
            PictureFile.open(file, Limits.defaults()).decode(ColourPolicy.KEEP).picture();
        Picture converted = opened.decode(ColourPolicy.SRGB).picture();
        double difference = Differences.largest(converted.toPlanes(), kept.toPlanes());
        if (icc == linear) {
          assertThat(difference).isGreaterThan(0.1);
        } else {
          assertThat(difference).isZero();
        }
      }
    }
  }

  private static byte[] profile(int space) {
    return ((ICC_ColorSpace) ColorSpace.getInstance(space)).getProfile().getData();
  }

  @Test
  void aRegionOutsideIsRefused() throws IOException {
    byte[] file = JpegEncoder.encode(SCENE, 80);
    PictureFile opened = PictureFile.open(file, Limits.defaults());
    assertThatThrownBy(() -> opened.decodeRegion(ColourPolicy.SRGB, 100, 0, 64, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rectangle of 64x10 at (100,0) does not lie inside a picture of 163x121");
  }

  private static Planes shrunk(ReducedRegion region, int side) {
    int left = (int) region.x();
    int top = (int) region.y();
    int right = (int) Math.ceil(region.x() + region.width());
    int bottom = (int) Math.ceil(region.y() + region.height());
    Planes planes = region.picture().crop(left, top, right - left, bottom - top).toPlanes();
    return Resampler.antialiasedPart(
        planes,
        region.x() - left,
        region.y() - top,
        region.width(),
        region.height(),
        side,
        side,
        Kernel.BILINEAR);
  }

  private static Picture whole(byte[] file) throws IOException {
    return PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.SRGB).picture();
  }

  private static byte[] exif(int orientation) {
    return new byte[] {
      'I',
      'I',
      42,
      0,
      8,
      0,
      0,
      0,
      1,
      0,
      0x12,
      1,
      3,
      0,
      1,
      0,
      0,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0,
      0
    };
  }

  private static Picture scene(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int x = i % width;
      int y = i / width;
      rgb[3 * i] = (byte) (128 + 90 * Math.sin(x / 9.0) + (y > 60 ? 30 : 0));
      rgb[3 * i + 1] = (byte) (128 + 90 * Math.sin((x + 2 * y) / 13.0));
      rgb[3 * i + 2] = (byte) (128 + 90 * Math.cos(y / 11.0) - (x > 100 ? 30 : 0));
    }
    return Picture.rgb(width, height, rgb);
  }
}
