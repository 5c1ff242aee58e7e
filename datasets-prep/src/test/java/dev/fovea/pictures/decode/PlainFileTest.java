package dev.fovea.pictures.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
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
  void aPngOfOursIsPlainUntilItCarriesAProfileAndRefusedIfCut() throws IOException {
    byte[] png = PngEncoder.encode(picture);
    byte[] withProfile = PngEncoder.encode(picture.withIcc(Optional.of(new byte[] {1, 2, 3})));

    assertThat(isPlain(png)).isTrue();
    assertThat(isPlain(withProfile)).isFalse();
    assertThatThrownBy(() -> isPlain(Arrays.copyOf(png, png.length - 5)))
        .isInstanceOf(RejectedPictureException.class);
    assertThatThrownBy(() -> isPlain(new byte[] {1, 2, 3}))
        .isInstanceOf(RejectedPictureException.class);
  }

  private static boolean isPlain(String name) throws IOException {
    return isPlain(Files.readAllBytes(SharedData.require("awkward/" + name)));
  }

  private static boolean isPlain(byte[] file) throws RejectedPictureException {
    return PictureFile.open(file, Limits.defaults()).plain();
  }
}
