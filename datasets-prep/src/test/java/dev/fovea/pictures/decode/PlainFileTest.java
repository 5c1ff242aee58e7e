package dev.fovea.pictures.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainFileTest {
  private final Picture picture = Picture.rgb(2, 1, new byte[] {1, 2, 3, 4, 5, 6});

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jpeg/baseline_420.jpg",
        "jpeg/grey.jpg",
        "jpeg/progressive_444.jpg",
        "jpeg/exif_orientation_1.jpg",
        "jpeg/exif_ifd_offset_bad.jpg",
        "png/rgb8.png",
        "png/grey16.png",
        "png/palette64.png",
      })
  void whatSaysNothingOfItsPixelsIsPlain(String name) throws IOException {
    assertThat(isPlain(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jpeg/exif_orientation_2.jpg",
        "jpeg/exif_orientation_3.jpg",
        "jpeg/exif_orientation_6.jpg",
        "jpeg/cmyk_adobe.jpg",
        "jpeg/ycck_adobe.jpg",
        "jpeg/icc_adobe_rgb.jpg",
        "jpeg/icc_multi_segment.jpg",
        "jpeg/icc_prophoto.jpg",
        "real/icc-after-SOF.jpg",
        "png/exif_orientation_6.png",
        "png/icc_display_p3.png",
        "png/cicp_p3.png",
        "png/gamma_1.png",
        "png/apng_2_frames.png",
        "webp/exif_orientation_6.webp",
        "webp/icc_display_p3.webp",
        "webp/animated_lossy.webp",
      })
  void whatMustBeTurnedOrConvertedIsNot(String name) throws IOException {
    assertThat(isPlain(name)).isFalse();
  }

  @Test
  void aPngOfOursIsPlainUntilItCarriesAProfileOrIsCut() {
    byte[] png = PngEncoder.encode(picture);
    byte[] withProfile = PngEncoder.encode(picture.withIcc(Optional.of(new byte[] {1, 2, 3})));

    assertThat(PlainFile.isPlain(png)).isTrue();
    assertThat(PlainFile.isPlain(withProfile)).isFalse();
    assertThat(PlainFile.isPlain(Arrays.copyOf(png, png.length - 5))).isFalse();
    assertThat(PlainFile.isPlain(new byte[] {1, 2, 3})).isFalse();
  }

  private static boolean isPlain(String name) throws IOException {
    return PlainFile.isPlain(Files.readAllBytes(SharedData.require("awkward/" + name)));
  }
}
