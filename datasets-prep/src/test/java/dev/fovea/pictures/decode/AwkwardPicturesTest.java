package dev.fovea.pictures.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import dev.fovea.pictures.picture.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code shared/data/awkward} does what its manifest says. */
class AwkwardPicturesTest {
  /** A row of the manifest. */
  record Row(
      Path folder, String file, String size, String expected, String reference, String floor) {
    @Override
    public String toString() {
      return file + " " + expected;
    }
  }

  static Stream<Row> rows() throws IOException {
    Optional<Path> manifest = SharedData.find("awkward/MANIFEST.tsv");
    if (manifest.isEmpty()) {
      return Stream.of(new Row(null, "shared/data/awkward", "", "", "", ""));
    }
    Path folder = manifest.get().getParent();
    return Files.readAllLines(manifest.get(), StandardCharsets.UTF_8).stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .map(c -> new Row(folder, c[0], c[2], c[3], c[4], c[5]));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void doesWhatTheManifestSays(Row row) throws IOException {
    Assumptions.assumeTrue(row.folder() != null, "shared/data/awkward is not beside the checkout");
    byte[] bytes = Files.readAllBytes(row.folder().resolve(row.file()));
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> check(row, bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "gif/animated_6_frames.gif, 6",
    "png/apng_2_frames.png, 2",
    "real/animated-webp-supported.webp, 12",
    "webp/animated_lossless.webp, 6",
    "jpeg/baseline_444.jpg, 1",
    "gif/static.gif, 1"
  })
  void theFramesOfAnAnimationAreCounted(String file, int frames) throws IOException {
    byte[] bytes = Files.readAllBytes(SharedData.require("awkward/" + file));
    Decoded decoded = PictureDecoder.decode(bytes, Limits.defaults(), ColourPolicy.KEEP);
    assertThat(decoded.frames()).isEqualTo(frames);
    assertThat(decoded.animated()).isEqualTo(frames > 1);
  }

  private static void check(Row row, byte[] bytes) throws IOException {
    switch (row.expected()) {
      case "decode" -> checkPicture(row, decode(bytes));
      case "reject" ->
          assertThatThrownBy(() -> decode(bytes))
              .isInstanceOf(RejectedPictureException.class)
              .message()
              .isNotBlank()
              .doesNotContain("\n");
      default -> {
        try {
          checkPicture(row, decode(bytes));
        } catch (RejectedPictureException e) {
          assertThat(e).message().isNotBlank().doesNotContain("\n");
        }
      }
    }
  }

  private static void checkPicture(Row row, Picture picture) throws IOException {
    if (row.size().matches("[0-9]+x[0-9]+")) {
      assertThat(picture.width() + "x" + picture.height()).isEqualTo(row.size());
    }
    if (row.floor().isEmpty()) {
      return;
    }
    Picture reference = decode(Files.readAllBytes(row.folder().resolve(row.reference())));
    Picture eight = picture.toEightBit();
    if (row.floor().equals("exact")) {
      assertThat(Differences.largest(eight.toPlanes(), reference.toPlanes())).isZero();
      assertThat(eight.alpha().map(AwkwardPicturesTest::values))
          .usingRecursiveComparison()
          .isEqualTo(reference.alpha().map(AwkwardPicturesTest::values));
    } else {
      assertThat(Differences.psnr(eight.toPlanes(), reference.toPlanes()))
          .isGreaterThanOrEqualTo(Double.parseDouble(row.floor()));
    }
  }

  private static byte[] values(Samples samples) {
    return samples.toBytes().values();
  }

  private static Picture decode(byte[] bytes) throws RejectedPictureException {
    return PictureDecoder.decode(bytes, Limits.defaults(), ColourPolicy.SRGB).picture();
  }
}
