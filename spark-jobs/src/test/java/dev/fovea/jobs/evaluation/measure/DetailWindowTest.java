package dev.fovea.jobs.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.pictures.picture.Picture;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DetailWindowTest {
  @Test
  void windowIsWhereThePictureIsBusy() {
    byte[] samples = new byte[3 * 128 * 96];
    Random random = new Random(1);
    for (int y = 48; y < 80; y++) {
      for (int x = 64; x < 96; x++) {
        samples[3 * (y * 128 + x) + 1] = (byte) random.nextInt(256);
      }
    }

    DetailWindow window = DetailWindow.of(Picture.rgb(128, 96, samples), 32);

    assertThat(window).isEqualTo(new DetailWindow(64, 48, 32, 32));
  }

  @Test
  void smallPictureIsShownWhole() {
    Picture picture = Picture.rgb(20, 10, new byte[3 * 20 * 10]);

    assertThat(DetailWindow.of(picture, 32)).isEqualTo(new DetailWindow(0, 0, 20, 10));
  }
}
