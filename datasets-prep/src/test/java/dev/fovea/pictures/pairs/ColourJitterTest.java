package dev.fovea.pictures.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Npz;
import dev.fovea.pictures.picture.Planes;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColourJitterTest {
  private static final Map<String, Planes> GOLDEN = Npz.read("/golden/color_jitter.npz");

  /** As {@link ColourJitter}'s methods. */
  private interface Adjustment {
    void apply(float[] samples, int offset, int pixels, double factor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.6", "0.9", "1.1", "1.7"})
  void brightnessFollowsTorchvision(String factor) {
    check(ColourJitter::brightness, "brightness_", factor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.6", "0.9", "1.1", "1.7"})
  void contrastFollowsTorchvision(String factor) {
    check(ColourJitter::contrast, "contrast_", factor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.6", "0.9", "1.1", "1.7"})
  void saturationFollowsTorchvision(String factor) {
    check(ColourJitter::saturation, "saturation_", factor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.3", "-0.1", "0.05", "0.4"})
  void hueFollowsTorchvision(String factor) {
    check(ColourJitter::hue, "hue_", factor);
  }

  private static void check(Adjustment adjustment, String name, String factor) {
    Planes image = GOLDEN.get("image");
    int offset = 7;
    float[] samples = new float[image.samples().length + offset];
    System.arraycopy(image.samples(), 0, samples, offset, image.samples().length);
    adjustment.apply(samples, offset, 96 * 80, Double.parseDouble(factor));
    float[] adjusted = java.util.Arrays.copyOfRange(samples, offset, samples.length);
    assertThat(Differences.largest(new Planes(3, 96, 80, adjusted), GOLDEN.get(name + factor)))
        .isLessThan(1e-5);
  }
}
