package dev.fovea.jobs.upscaling.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.picture.Picture;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BicubicTest {
  @Test
  void aFlatPictureStaysFlatAtEverySize() {
    byte[] samples = new byte[3 * 24 * 16];
    Arrays.fill(samples, (byte) 201);
    Picture flat = Picture.rgb(24, 16, samples);

    for (Picture picture :
        new Picture[] {
          Bicubic.downscaled(flat, 4), Bicubic.upscaled(flat, 8), Bicubic.resized(flat, 5, 31)
        }) {
      for (int i = 0; i < picture.samples().length(); i++) {
        assertThat(picture.samples().at(i)).isEqualTo(201);
      }
    }
  }

  @Test
  void depthGreyAndMetadataStay() {
    Picture rich = Bicubic.upscaled(TestPictures.rich(12, 10, 4), 2);
    Picture grey = Bicubic.downscaled(TestPictures.grey(12, 10, 4), 2);

    assertThat(rich.bitDepth()).isEqualTo(16);
    assertThat(rich.alpha()).isPresent();
    assertThat(rich.icc()).isPresent();
    assertThat(grey.grey()).isTrue();
    assertThat(grey.bitDepth()).isEqualTo(8);
  }

  @Test
  void croppingLeavesTheLargestMultipleAtTheTopLeft() {
    Picture picture = TestPictures.grey(23, 18, 2);

    Picture cropped = Bicubic.croppedToMultiple(picture, 4);

    assertThat(cropped.width()).isEqualTo(20);
    assertThat(cropped.height()).isEqualTo(16);
    assertThat(cropped.samples().at(20)).isEqualTo(picture.samples().at(23));
  }

  @Test
  void whatIsNoMultipleIsNotMadeSmaller() {
    assertThatThrownBy(() -> Bicubic.downscaled(TestPictures.grey(23, 18, 2), 4))
        .hasMessage("picture of 23x18: both must be multiples of 4");
  }
}
