package dev.fovea.jobs.upscaling.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PictureUpscalerTest {
  private static OpenUpscaler upscaler;

  @BeforeAll
  static void open() {
    upscaler = OpenUpscaler.open(TestModels.weights(TestModels.small(2), 5), TestModels.ENGINE, 2);
  }

  @AfterAll
  static void close() {
    upscaler.close();
  }

  @Test
  void aGreyPictureStaysGrey() throws IOException {
    Picture result = upscaler.upscale(TestPictures.grey(20, 14, 1));

    assertThat(result.grey()).isTrue();
    assertThat(result.width()).isEqualTo(40);
    assertThat(result.height()).isEqualTo(28);
    assertThat(result.samples().length()).isEqualTo(40 * 28);
  }

  @Test
  void theGreyOfAResultIsTheLumaOfItsColours() throws IOException {
    Picture grey = TestPictures.grey(20, 14, 1);
    byte[] replicated = new byte[3 * 20 * 14];
    for (int i = 0; i < replicated.length; i++) {
      replicated[i] = (byte) grey.samples().at(i / 3);
    }

    Samples colours = upscaler.upscale(Picture.rgb(20, 14, replicated)).samples();
    Samples luma = upscaler.upscale(grey).samples();

    for (int i = 0; i < luma.length(); i++) {
      double expected =
          0.299 * colours.at(3 * i) + 0.587 * colours.at(3 * i + 1) + 0.114 * colours.at(3 * i + 2);
      assertThat((double) luma.at(i)).isBetween(expected - 1.1, expected + 1.1);
    }
  }

  @Test
  void sixteenBitsAlphaAndColourProfileStay() throws IOException {
    Picture picture = TestPictures.rich(20, 14, 1);

    Picture result = upscaler.upscale(picture);

    assertThat(result.bitDepth()).isEqualTo(16);
    assertThat(result.icc()).hasValueSatisfying(icc -> assertThat(icc).containsExactly(1, 2, 3));
    Samples expected = Bicubic.upscaled(picture, 2).alpha().orElseThrow();
    Samples alpha = result.alpha().orElseThrow();
    assertThat(alpha.bitDepth()).isEqualTo(16);
    for (int i = 0; i < 40 * 28; i++) {
      assertThat(alpha.at(i)).isEqualTo(expected.at(i));
    }
  }

  @Test
  void sixteenBitsAreMoreThanEightBitsTimes257() throws IOException {
    Samples words = upscaler.upscale(TestPictures.rich(20, 14, 1)).samples();

    long fine = 0;
    for (int i = 0; i < words.length(); i++) {
      fine += words.at(i) % 257 == 0 ? 0 : 1;
    }
    assertThat(fine).isGreaterThan(words.length() / 2);
  }

  @Test
  void aResultBeyondTheMemoryIsRefusedBeforeTheWorkBegins() {
    Picture picture = Picture.grey(20_000, 20_000, new byte[400_000_000]);

    assertThatThrownBy(() -> upscaler.upscale(picture))
        .isInstanceOf(RejectedPictureException.class)
        .hasMessageStartingWith("20000x20000 pixels would become 40000x40000, which takes about");
  }
}
