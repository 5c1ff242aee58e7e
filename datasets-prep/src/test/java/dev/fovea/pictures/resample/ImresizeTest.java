package dev.fovea.pictures.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.picture.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImresizeTest {
  @ParameterizedTest
  @CsvSource({
    "Set5,2,33.66",
    "Set5,4,28.42",
    "Set14,2,30.24",
    "Set14,4,26.00",
    "Set5,8,24.40",
    "Set14,8,23.10"
  })
  void reproducesPublishedBicubicBaselines(String set, int ratio, double published)
      throws IOException {
    double sum = 0;
    int pictures = 0;
    for (String line : Files.readAllLines(SharedData.require("benchmarks/bicubic_per_image.tsv"))) {
      List<String> row = List.of(line.split("\t"));
      if (row.get(0).equals(set) && row.get(2).equals("" + ratio) && row.get(3).equals("RGB/g")) {
        double psnr =
            psnrOfBicubic(SharedData.require("benchmarks/" + set + "/" + row.get(1)), ratio);
        assertThat(psnr).as(row.get(1)).isCloseTo(Double.parseDouble(row.get(4)), within(0.001));
        sum += psnr;
        pictures++;
      }
    }
    assertThat(sum / pictures).isCloseTo(published, within(0.02));
  }

  @Test
  void mirrorsAtTheBorders() {
    Planes ramp = new Planes(1, 1, 4, new float[] {0, 1, 2, 3});
    float[] doubled = Imresize.bicubic(ramp, 1, 8).samples();
    // By hand: Keys at .25, .75, 1.25, 1.75 is .8671875, .2265625, -.0703125, -.0234375.
    assertThat(doubled)
        .containsExactly(
            new float[] {
              -0.09375f, 0.1796875f, 0.7265625f, 1.25f, 1.75f, 2.2734375f, 2.8203125f, 3.09375f
            },
            within(1e-6f));
  }

  /** The literature's protocol on luma: crop to a multiple, shrink to 8 bits, enlarge to 8 bits. */
  private static double psnrOfBicubic(Path file, int ratio) throws IOException {
    Picture picture =
        PictureDecoder.decode(Files.readAllBytes(file), Limits.defaults(), ColourPolicy.SRGB)
            .picture();
    Planes planes = picture.toPlanes();
    int height = planes.height() / ratio * ratio;
    int width = planes.width() / ratio * ratio;
    Planes high = planes.crop(0, 0, width, height);
    Planes low = Imresize.bicubic8Bit(high, height / ratio, width / ratio);
    Planes restored = Imresize.bicubic8Bit(low, height, width);
    double sum = 0;
    for (int y = ratio; y < height - ratio; y++) {
      for (int x = ratio; x < width - ratio; x++) {
        double difference =
            luma(high, picture.grey(), y * width + x)
                - luma(restored, picture.grey(), y * width + x);
        sum += difference * difference;
      }
    }
    double mean = sum / (height - 2 * ratio) / (width - 2 * ratio);
    return 10 * Math.log10(255 * 255 / mean);
  }

  /** Y of BT.601; a grey picture's value is Y as it is. */
  private static double luma(Planes planes, boolean grey, int i) {
    int plane = planes.height() * planes.width();
    float[] s = planes.samples();
    return grey
        ? 255 * s[i]
        : 16 + 65.481 * s[i] + 128.553 * s[i + plane] + 24.966 * s[i + 2 * plane];
  }
}
