package dev.fovea.pictures.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.SharedData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our decoders against those of libjpeg (in the JDK) and libwebp, where these can read a file. */
class DecoderAgreementTest {
  static List<String> stillWebps() throws IOException {
    if (SharedData.find("awkward/webp").isEmpty()) {
      return List.of("missing.webp");
    }
    try (Stream<Path> files = Files.list(SharedData.require("awkward/webp"))) {
      return files
          .map(file -> file.getFileName().toString())
          // Our orientation and colours are applied, theirs are not.
          .filter(name -> !name.matches("(animated|exif|icc).*"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("stillWebps")
  void webpGivesThePixelsOfLibwebp(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(SharedData.require("awkward/webp/" + name));
    assertThat(largestDifference(decode(bytes), imageIo(bytes))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "baseline_420",
        "baseline_422",
        "baseline_444",
        "progressive_420",
        "progressive_444",
        "quality_5",
        "quality_100",
        "restart_markers",
        "size_385x259",
        "size_7x5",
        "size_1x1",
        "sampling_2x2_1x2_1x2",
        "sampling_3x1",
        "baseline_411",
        "sampling_410"
      })
  void jpegGivesThePixelsOfLibjpeg(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(SharedData.require("awkward/jpeg/" + name + ".jpg"));
    assertThat(largestDifference(decode(bytes), imageIo(bytes))).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"train/bsds500", "benchmarks/B100"})
  void photographsGiveThePixelsOfLibjpeg(String folder) throws IOException {
    Path path = SharedData.require(folder);
    int compared = 0;
    try (Stream<Path> files = Files.list(path)) {
      for (Path file :
          files.filter(f -> f.toString().endsWith(".jpg")).sorted().limit(40).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        assertThat(largestDifference(decode(bytes), imageIo(bytes))).as("%s", file).isZero();
        compared++;
      }
    }
    assertThat(compared).isPositive();
  }

  private static Picture decode(byte[] bytes) throws IOException {
    return PictureDecoder.decode(bytes, Limits.defaults(), ColourPolicy.KEEP).picture();
  }

  private static BufferedImage imageIo(byte[] bytes) throws IOException {
    try (ImageInputStream stream =
        ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      assertThat(readers).hasNext();
      ImageReader reader = readers.next();
      reader.setInput(stream);
      return reader.read(0);
    } catch (UnsatisfiedLinkError e) {
      return Assumptions.abort("no native library for this platform");
    }
  }

  private static int largestDifference(Picture picture, BufferedImage image) {
    assertThat(picture.width()).isEqualTo(image.getWidth());
    assertThat(picture.height()).isEqualTo(image.getHeight());
    int largest = 0;
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int pixel = y * picture.width() + x;
        int argb = image.getRGB(x, y);
        for (int c = 0; c < 3; c++) {
          int ours = picture.samples().at(pixel * picture.channels() + (picture.grey() ? 0 : c));
          largest = Math.max(largest, Math.abs(ours - ((argb >> (16 - 8 * c)) & 0xFF)));
        }
        if (picture.alpha().isPresent()) {
          largest = Math.max(largest, Math.abs(picture.alpha().get().at(pixel) - (argb >>> 24)));
        }
      }
    }
    return largest;
  }
}
