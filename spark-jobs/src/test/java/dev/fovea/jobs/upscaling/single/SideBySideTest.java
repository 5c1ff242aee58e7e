package dev.fovea.jobs.upscaling.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.upscaling.single.SideBySide.Panel;
import dev.fovea.pictures.picture.Picture;
import java.util.List;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  @Test
  void panelsStandUnchangedFromLeftToRightUnderTheirLabels() {
    Picture left = TestPictures.rgb(60, 40, 1);
    Picture right = TestPictures.grey(50, 40, 2);

    Picture shown = SideBySide.of(List.of(new Panel("left", left), new Panel("right", right)));

    int strip = shown.height() - 40;
    int second = shown.width() - 50;
    assertThat(strip).isPositive();
    assertThat(second).isGreaterThan(60);
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 60; x++) {
        assertThat(red(shown, x, strip + y)).isEqualTo(red(left, x, y));
      }
      for (int x = 0; x < 50; x++) {
        assertThat(red(shown, second + x, strip + y)).isEqualTo(red(right, x, y));
      }
    }
  }

  @Test
  void panelsOfDifferentHeightsAreRefused() {
    assertThatThrownBy(
            () ->
                SideBySide.of(
                    List.of(
                        new Panel("a", TestPictures.rgb(8, 8, 1)),
                        new Panel("b", TestPictures.rgb(8, 9, 1)))))
        .hasMessage("panels must be one or more and of one height");
  }

  private static int red(Picture picture, int x, int y) {
    return picture.samples().at((y * picture.width() + x) * picture.channels());
  }
}
