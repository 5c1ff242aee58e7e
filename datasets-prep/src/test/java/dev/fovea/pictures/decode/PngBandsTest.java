package dev.fovea.pictures.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.encode.Encoding;
import dev.fovea.pictures.encode.PngFiltering;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngBandsTest {
  @ParameterizedTest
  @CsvSource({"8,false,false", "8,true,false", "8,false,true", "16,true,true", "16,false,true"})
  void bandsTogetherAreThePicture(int depth, boolean grey, boolean alpha) throws IOException {
    Picture picture = picture(700, 900, depth, grey, alpha);
    byte[] file = new Encoding.Png(1, PngFiltering.ADAPTIVE).encode(picture);
    List<Picture> bands = new ArrayList<>();

    PngBands.read(new ByteArrayInputStream(file), 700, 900, bands::add);

    int y = 0;
    for (Picture band : bands) {
      Picture same = picture.crop(0, y, 700, band.height());
      for (int i = 0; i < band.samples().length(); i++) {
        if (band.samples().at(i) != same.samples().at(i)) {
          assertThat(i).as("first sample of band at %d that differs", y).isNegative();
        }
      }
      assertThat(band.alpha().isPresent()).isEqualTo(alpha);
      for (int i = 0; alpha && i < 700; i++) {
        assertThat(band.alpha().get().at(i)).isEqualTo(same.alpha().get().at(i));
      }
      y += band.height();
    }
    assertThat(y).isEqualTo(900);
    assertThat(bands.size()).isGreaterThan(depth == 8 && grey && !alpha ? 0 : 1);
  }

  @Test
  void whatIsDamagedOrEndsEarlyIsRejected() {
    byte[] file = Encoding.Png.DEFAULT.encode(picture(40, 30, 8, false, false));
    for (int length = 0; length < file.length; length += 97) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> read(cut, 40, 30)).isInstanceOf(RejectedPictureException.class);
    }
    for (int at = 0; at < file.length; at += 89) {
      byte[] flipped = file.clone();
      flipped[at] ^= 4;
      assertThatThrownBy(() -> read(flipped, 40, 30)).isInstanceOf(RejectedPictureException.class);
    }
    assertThatThrownBy(() -> read(file, 30, 40)).hasMessageContaining("40x30 pixels instead of");
  }

  private static void read(byte[] file, int width, int height) throws IOException {
    PngBands.read(new ByteArrayInputStream(file), width, height, band -> {});
  }

  private static Picture picture(int width, int height, int depth, boolean grey, boolean alpha) {
    Random random = new Random(1);
    int pixels = width * height;
    return new Picture(
        width,
        height,
        grey,
        samples(random, pixels * (grey ? 1 : 3), depth),
        alpha ? Optional.of(samples(random, pixels, depth)) : Optional.empty(),
        Metadata.NONE);
  }

  private static Samples samples(Random random, int length, int depth) {
    if (depth == 8) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return new Samples.Bytes(bytes);
    }
    short[] words = new short[length];
    for (int i = 0; i < length; i++) {
      words[i] = (short) random.nextInt();
    }
    return new Samples.Words(words);
  }
}
