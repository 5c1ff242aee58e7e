package dev.fovea.pictures.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.picture.Samples;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LossyEncodersTest {
  private static final byte[] PROFILE =
      ((ICC_ColorSpace) ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB)).getProfile().getData();
  private static final byte[] EXIF = {'I', 'I', 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  private static final Picture WAVES = waves(200, 120);

  @Test
  void jpegComesCloserWithQuality() throws IOException {
    double poor = Differences.psnr(decoded(JpegEncoder.encode(WAVES, 30)), WAVES.toPlanes());
    double good = Differences.psnr(decoded(JpegEncoder.encode(WAVES, 95)), WAVES.toPlanes());
    assertThat(poor).isBetween(20.0, 45.0);
    assertThat(good).isGreaterThan(40).isGreaterThan(poor + 3);
  }

  @Test
  void webpComesCloserWithQuality() throws IOException {
    double poor = Differences.psnr(decoded(WebpEncoder.lossy(WAVES, 20)), WAVES.toPlanes());
    double good = Differences.psnr(decoded(WebpEncoder.lossy(WAVES, 95)), WAVES.toPlanes());
    assertThat(poor).isBetween(20.0, 45.0);
    assertThat(good).isGreaterThan(35).isGreaterThan(poor + 2);
  }

  @Test
  void greyStaysGreyInJpeg() throws IOException {
    Picture grey =
        Picture.grey(200, 120, WAVES.samples().window(0, 24000, 0, 1).toBytes().values());
    Picture decoded = decode(JpegEncoder.encode(grey, 95), ColourPolicy.KEEP);
    assertThat(decoded.grey()).isTrue();
  }

  @Test
  void profileAndExifSurviveInEveryFormat() throws IOException {
    Picture picture = WAVES.withIcc(Optional.of(PROFILE)).withExif(Optional.of(EXIF));
    for (byte[] file :
        new byte[][] {
          JpegEncoder.encode(picture, 90),
          WebpEncoder.lossy(picture, 90),
          WebpEncoder.lossless(picture),
          PngEncoder.encode(picture)
        }) {
      Picture decoded = decode(file, ColourPolicy.KEEP);
      assertThat(decoded.icc()).hasValueSatisfying(icc -> assertThat(icc).isEqualTo(PROFILE));
      assertThat(decoded.exif()).hasValueSatisfying(exif -> assertThat(exif).isEqualTo(EXIF));
    }
  }

  @Test
  void aLargeProfileIsCutIntoSegmentsOfJpeg() throws IOException {
    byte[] large = java.util.Arrays.copyOf(PROFILE, 200_000);
    large[1] = (byte) (large.length >> 16);
    large[2] = (byte) (large.length >> 8);
    large[3] = (byte) large.length;
    byte[] file = JpegEncoder.encode(WAVES.withIcc(Optional.of(large)), 80);
    assertThat(decode(file, ColourPolicy.KEEP).icc())
        .hasValueSatisfying(icc -> assertThat(icc).hasSize(200_000));
  }

  @Test
  void transparencySurvivesInWebpAndBecomesWhiteInJpeg() throws IOException {
    byte[] clear = new byte[200 * 120];
    Picture picture =
        new Picture(
            200, 120, false, WAVES.samples(), Optional.of(new Samples.Bytes(clear)), Metadata.NONE);
    assertThat(decode(WebpEncoder.lossy(picture, 90), ColourPolicy.KEEP).alpha())
        .hasValueSatisfying(alpha -> assertThat(alpha.toBytes().values()).isEqualTo(clear));
    for (float sample : decoded(JpegEncoder.encode(picture, 90)).samples()) {
      assertThat(sample).isGreaterThan(0.98f);
    }
  }

  @Test
  void whatIsOutOfRangeIsRefusedByName() {
    assertThatThrownBy(() -> JpegEncoder.encode(WAVES, 0))
        .hasMessage("JPEG quality 0 is not 1 to 100");
    assertThatThrownBy(() -> WebpEncoder.lossy(WAVES, 101))
        .hasMessage("WEBP quality 101 is not 0 to 100");
    assertThatThrownBy(() -> WebpEncoder.lossless(Picture.grey(16384, 1, new byte[16384])))
        .hasMessageContaining("16384x1")
        .hasMessageContaining("16383");
  }

  private static Planes decoded(byte[] file) throws IOException {
    return decode(file, ColourPolicy.SRGB).toPlanes();
  }

  private static Picture decode(byte[] file, ColourPolicy policy) throws IOException {
    return PictureDecoder.decode(file, Limits.defaults(), policy).picture();
  }

  private static Picture waves(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int x = i % width;
      int y = i / width;
      rgb[3 * i] = (byte) (128 + 100 * Math.sin(x / 9.0));
      rgb[3 * i + 1] = (byte) (128 + 100 * Math.sin((x + y) / 13.0));
      rgb[3 * i + 2] = (byte) (128 + 100 * Math.cos(y / 11.0));
    }
    return Picture.rgb(width, height, rgb);
  }
}
