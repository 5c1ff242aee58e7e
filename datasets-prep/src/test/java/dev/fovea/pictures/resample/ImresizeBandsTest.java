package dev.fovea.pictures.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.picture.Samples;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImresizeBandsTest {
  @ParameterizedTest
  @CsvSource({
    "24, 16, 6, 4", "24, 16, 3, 2", "16, 32, 16, 8", "33, 17, 5, 16", "17, 33, 16, 5",
    "5, 7, 20, 28", "40, 8, 10, 32", "9, 1, 1, 1", "1, 9, 3, 2", "300, 2, 2, 2"
  })
  void agreesWithResizingAndRoundingEachDirection(
      int width, int height, int newWidth, int newHeight) {
    for (int bits : new int[] {8, 16}) {
      Picture picture = noise(width, height, bits, new Random(width));
      Picture resized = Imresize.bicubic(picture, newHeight, newWidth);
      assertThat(resized.samples().bitDepth()).isEqualTo(bits);
      for (int channel = 0; channel < 3; channel++) {
        check(picture.samples(), 3, channel, picture, resized.samples(), resized);
      }
      check(picture.alpha().orElseThrow(), 1, 0, picture, resized.alpha().orElseThrow(), resized);
    }
  }

  @Test
  void bandsOfAnyHeightGiveTheSame() {
    Picture picture = noise(40, 64, 16, new Random(3));
    for (int[] size : new int[][] {{10, 16}, {10, 32}, {20, 16}, {80, 128}}) {
      Picture whole = Imresize.bicubic(picture, size[1], size[0]);
      for (int rows : new int[] {1, 3, 8, 63}) {
        ImresizeBands bands = new ImresizeBands(40, 64, size[0], size[1]);
        for (int y = 0; y < 64; y += rows) {
          bands.add(picture.crop(0, y, 40, Math.min(rows, 64 - y)));
        }
        Differences.assertSame(bands.finished(), whole);
      }
    }
  }

  @Test
  void whatDoesNotContinueThePictureIsRefused() {
    ImresizeBands bands = new ImresizeBands(8, 8, 4, 4);
    bands.add(Picture.grey(8, 5, new byte[40]));
    assertThatThrownBy(() -> bands.add(Picture.grey(8, 4, new byte[32])))
        .hasMessage("band of 8x4 does not continue a picture of 8x8 after 5 rows");
    assertThatThrownBy(() -> bands.add(Picture.rgb(8, 3, new byte[72])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(bands::finished).hasMessage("3 of 8 rows are missing");
  }

  /** The two passes on whole planes, MATLAB's order, each rounded. */
  private static void check(
      Samples from, int channels, int channel, Picture picture, Samples resized, Picture size) {
    Planes levels = Planes.zeros(1, picture.height(), picture.width());
    for (int i = 0; i < levels.samples().length; i++) {
      levels.samples()[i] = from.at(i * channels + channel);
    }
    boolean heightFirst =
        (double) size.height() / picture.height() <= (double) size.width() / picture.width();
    Planes once =
        heightFirst
            ? Imresize.bicubic(levels, size.height(), picture.width())
            : Imresize.bicubic(levels, picture.height(), size.width());
    round(once, from.bitDepth());
    Planes twice = Imresize.bicubic(once, size.height(), size.width());
    round(twice, from.bitDepth());
    for (int i = 0; i < twice.samples().length; i++) {
      assertThat(resized.at(i * channels + channel)).isEqualTo((int) twice.samples()[i]);
    }
  }

  private static void round(Planes planes, int bits) {
    float[] samples = planes.samples();
    for (int i = 0; i < samples.length; i++) {
      samples[i] = Math.max(0, Math.min((1 << bits) - 1, (float) Math.floor(samples[i] + 0.5)));
    }
  }

  private static Picture noise(int width, int height, int bits, Random random) {
    return new Picture(
        width,
        height,
        false,
        samples(3 * width * height, bits, random),
        Optional.of(samples(width * height, bits, random)),
        Metadata.NONE);
  }

  private static Samples samples(int count, int bits, Random random) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    if (bits == 8) {
      return new Samples.Bytes(bytes);
    }
    short[] words = new short[count];
    for (int i = 0; i < count; i++) {
      words[i] = (short) random.nextInt(1 << 16);
    }
    return new Samples.Words(words);
  }
}
