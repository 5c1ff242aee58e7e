package dev.fovea.pictures.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.SharedData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LosslessEncodersTest {
  @Property(tries = 150)
  void pngGivesBackWhatItWasGiven(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll SamplePictures.Kind kind,
      @ForAll long seed)
      throws IOException {
    Picture picture = SamplePictures.random(width, height, kind, new Random(seed));
    Differences.assertSame(decode(PngEncoder.encode(picture)), picture);
  }

  @Property(tries = 150)
  void losslessWebpGivesBackWhatItWasGiven(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll boolean alpha,
      @ForAll long seed)
      throws IOException {
    Picture picture =
        SamplePictures.random(
            width,
            height,
            alpha ? SamplePictures.Kind.RGBA : SamplePictures.Kind.RGB,
            new Random(seed));
    Differences.assertSame(decode(WebpEncoder.lossless(picture)), picture);
  }

  @Test
  void losslessWebpOfAPhotographIsSmallerThanPngAndReadByLibwebp() throws IOException {
    byte[] file = Files.readAllBytes(SharedData.require("benchmarks/Set5/butterfly.png"));
    Picture butterfly = decode(file);
    byte[] webp = WebpEncoder.lossless(butterfly);
    assertThat(webp.length).isLessThan(PngEncoder.encode(butterfly).length);
    Differences.assertSame(decode(webp), butterfly);
    BufferedImage theirs = ImageIO.read(new ByteArrayInputStream(webp));
    for (int i = 0; i < 256 * 256; i += 7) {
      int argb = theirs.getRGB(i % 256, i / 256);
      assertThat((argb >> 16) & 0xFF).isEqualTo(butterfly.samples().at(3 * i));
      assertThat(argb & 0xFF).isEqualTo(butterfly.samples().at(3 * i + 2));
    }
  }

  private static Picture decode(byte[] file) throws IOException {
    return PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.KEEP).picture();
  }
}
