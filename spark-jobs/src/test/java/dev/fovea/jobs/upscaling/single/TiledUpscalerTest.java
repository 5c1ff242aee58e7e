package dev.fovea.jobs.upscaling.single;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.evaluation.measure.SharedData;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TiledUpscalerTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void tilesEqualTheWholePicture(int ratio) {
    UpscalerConfig config = TestModels.small(ratio);
    Picture picture = TestPictures.rgb(75, 52, 1);
    try (Upscaler upscaler = TestModels.open(config, 7)) {
      float[] tiled = upscale(upscaler, ratio, new Tiling(30, Tiling.overlap(config)), picture);
      float[] whole = upscale(upscaler, ratio, new Tiling(200, Tiling.overlap(config)), picture);

      assertThat(largestDifference(tiled, whole)).isLessThan(1e-5f);
    }
  }

  @Test
  void tilesOfAPhotographEqualTheWhole() throws IOException {
    Path file = SharedData.require("benchmarks/Set5/bird.png");
    Picture picture =
        PictureDecoder.decode(Files.readAllBytes(file), Limits.defaults(), ColourPolicy.SRGB)
            .picture();
    UpscalerConfig config = TestModels.small(4);
    try (Upscaler upscaler = TestModels.open(config, 3)) {
      float[] tiled = upscale(upscaler, 4, new Tiling(96, Tiling.overlap(config)), picture);
      float[] whole = upscale(upscaler, 4, new Tiling(1000, Tiling.overlap(config)), picture);

      assertThat(largestDifference(tiled, whole)).isLessThan(1e-5f);
    }
  }

  /** Else the comparisons above would prove nothing. */
  @Test
  void anOverlapBelowTheReceptiveFieldShows() {
    Picture picture = TestPictures.rgb(75, 52, 1);
    try (Upscaler upscaler = TestModels.open(TestModels.small(4), 7)) {
      float[] tiled = upscale(upscaler, 4, new Tiling(30, 2), picture);
      float[] whole = upscale(upscaler, 4, new Tiling(200, 2), picture);

      assertThat(largestDifference(tiled, whole)).isGreaterThan(1e-3f);
    }
  }

  @Test
  void tilesAreAsLargeAsMemoryAllowsAndHaveACore() {
    UpscalerConfig wide = new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 128, 2, 16);
    UpscalerConfig deep = new UpscalerConfig(BaseUpscaler.BICUBIC, 8, 512, 4, 200);

    assertThat(Tiling.of(wide).tileSize()).isBetween(256, 512);
    assertThat(Tiling.of(TestModels.small(2)).tileSize()).isEqualTo(1024);
    assertThat(Tiling.of(deep).tileSize()).isGreaterThan(2 * Tiling.of(deep).overlap());
  }

  private static float[] upscale(Upscaler upscaler, int ratio, Tiling tiling, Picture picture) {
    int height = picture.height() * ratio;
    int width = picture.width() * ratio;
    float[] result = new float[3 * height * width];
    new TiledUpscaler(upscaler, ratio, tiling)
        .upscale(
            picture,
            (rectangle, top, left) -> {
              for (int channel = 0; channel < 3; channel++) {
                for (int y = 0; y < rectangle.height(); y++) {
                  for (int x = 0; x < rectangle.width(); x++) {
                    result[(channel * height + top + y) * width + left + x] =
                        rectangle.at(channel, y, x);
                  }
                }
              }
            });
    return result;
  }

  private static float largestDifference(float[] a, float[] b) {
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
