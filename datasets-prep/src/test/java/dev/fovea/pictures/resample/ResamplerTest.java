package dev.fovea.pictures.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Npz;
import dev.fovea.pictures.picture.Planes;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
  private static final Map<String, Planes> GOLDEN = Npz.read("/golden/resize.npz");

  @ParameterizedTest
  @CsvSource({"48,40", "24,20", "12,10", "33,61", "120,100"})
  void resizesAsTorchvisionDoes(int height, int width) {
    Planes image = GOLDEN.get("image");
    for (Kernel kernel : Kernel.values()) {
      Planes expected =
          GOLDEN.get(
              "resize_%s_%dx%d".formatted(kernel.name().toLowerCase(Locale.ROOT), height, width));
      Planes resized = Resampler.antialiased(image, height, width, kernel);
      assertThat(Differences.largest(resized, expected)).as("%s", kernel).isLessThan(1e-5);
    }
  }

  @Property(tries = 200)
  void aFlatPictureStaysFlatAtAnySize(
      @ForAll @IntRange(min = 1, max = 40) int from,
      @ForAll @IntRange(min = 1, max = 40) int to,
      @ForAll Kernel kernel) {
    Planes flat = Planes.zeros(1, from, to);
    java.util.Arrays.fill(flat.samples(), 0.3f);
    for (float sample : Resampler.antialiased(flat, to, from, kernel).samples()) {
      assertThat(sample).isCloseTo(0.3f, within(1e-6f));
    }
    for (float sample : Imresize.bicubic(flat, to, from).samples()) {
      assertThat(sample).isCloseTo(0.3f, within(1e-6f));
    }
  }
}
