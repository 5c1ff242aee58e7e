package dev.fovea.pictures.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.JpegEncoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.fingerprint.FingerprintIndex.Match;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Planes;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.SharedData;
import dev.fovea.pictures.resample.Imresize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The threshold on real photographs: what copies differ by, and what strangers differ by. */
class LeakMeasurementTest {
  private static final List<Path> TRAIN = new ArrayList<>();
  private static FingerprintIndex index;

  @BeforeAll
  static void fingerprints() throws Exception {
    List<Fingerprint> all = new ArrayList<>();
    for (Path path : files("train")) {
      try {
        byte[] bytes = Files.readAllBytes(path);
        all.add(
            new Fingerprint(
                path.getFileName().toString(), sha256(bytes), PerceptualHash.of(decode(bytes))));
        TRAIN.add(path);
      } catch (RejectedPictureException e) {
        assertThat(path.toString()).as("%s", e.getMessage()).endsWith("index.tsv");
      }
    }
    index = new FingerprintIndex(Fingerprints.parse(new Fingerprints(all).format()));
    assertThat(TRAIN).hasSizeGreaterThan(400);
  }

  @Test
  void copiesOfTwentyTrainingPicturesAreAllFound() throws Exception {
    int worst = 0;
    for (int i = 0; i < 20; i++) {
      Path path = TRAIN.get(i * TRAIN.size() / 20);
      Picture picture = decode(Files.readAllBytes(path));
      List<byte[]> copies = new ArrayList<>();
      copies.add(JpegEncoder.encode(picture, 75));
      copies.add(JpegEncoder.encode(picture, 30));
      copies.add(PngEncoder.encode(resized(picture, 0.9)));
      copies.add(JpegEncoder.encode(resized(picture, 0.5), 80));
      copies.add(PngEncoder.encode(resized(picture, 1.15)));
      copies.add(PngEncoder.encode(trimmed(picture, 2)));
      for (int orientation = 1; orientation < PerceptualHash.ORIENTATIONS; orientation++) {
        copies.add(JpegEncoder.encode(turned(picture, orientation), 85));
      }
      copies.add(JpegEncoder.encode(turned(resized(picture, 0.93), 5), 60));
      for (byte[] copy : copies) {
        Optional<Match> match =
            index.find(sha256(copy), PerceptualHash.ofAllOrientations(decode(copy)));
        assertThat(match).as(path.toString()).isPresent();
        assertThat(match.get().fingerprint().name()).isEqualTo(path.getFileName().toString());
        worst = Math.max(worst, match.get().distance());
      }
    }
    System.out.printf("copies differ by at most %d of 256 bits%n", worst);
    assertThat(worst).isLessThanOrEqualTo(PerceptualHash.SAME - 20);
  }

  @Test
  void noBenchmarkPictureIsTakenForATrainingPicture() throws Exception {
    int nearest = 256;
    int pictures = 0;
    for (Path path : files("benchmarks")) {
      if (path.toString().endsWith(".tsv")) {
        continue;
      }
      byte[] bytes = Files.readAllBytes(path);
      Match match = index.nearest(PerceptualHash.ofAllOrientations(decode(bytes))).orElseThrow();
      nearest = Math.min(nearest, match.distance());
      assertThat(index.find(sha256(bytes), PerceptualHash.ofAllOrientations(decode(bytes))))
          .as("%s beside %s", path, match)
          .isEmpty();
      pictures++;
    }
    System.out.printf("the nearest of %d strangers differs by %d of 256 bits%n", pictures, nearest);
    assertThat(pictures).isEqualTo(119);
    assertThat(nearest).isGreaterThanOrEqualTo(PerceptualHash.SAME + 15);
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(SharedData.require(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static Picture decode(byte[] bytes) throws RejectedPictureException {
    return PictureDecoder.decode(bytes, Limits.defaults(), ColourPolicy.SRGB)
        .picture()
        .toEightBit();
  }

  private static Picture resized(Picture picture, double scale) {
    int height = (int) Math.round(picture.height() * scale);
    int width = (int) Math.round(picture.width() * scale);
    Planes planes = Imresize.bicubic8Bit(picture.toPlanes(), height, width);
    byte[] samples = new byte[3 * height * width];
    for (int i = 0; i < height * width; i++) {
      for (int channel = 0; channel < 3; channel++) {
        float value = planes.samples()[channel * height * width + i];
        samples[3 * i + channel] = (byte) Math.round(value * 255);
      }
    }
    return Picture.rgb(width, height, samples);
  }

  /** Without a few pixels of border. */
  private static Picture trimmed(Picture picture, int border) {
    return picture.crop(
        border, border, picture.width() - 2 * border, picture.height() - 2 * border);
  }

  private static Picture turned(Picture picture, int orientation) {
    boolean transposed = (orientation & 4) != 0;
    int width = transposed ? picture.height() : picture.width();
    int height = transposed ? picture.width() : picture.height();
    byte[] samples = new byte[picture.channels() * width * height];
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = (orientation & 1) != 0 ? width - 1 - x : x;
        int row = (orientation & 2) != 0 ? height - 1 - y : y;
        int pixel = transposed ? column * picture.width() + row : row * picture.width() + column;
        for (int channel = 0; channel < picture.channels(); channel++) {
          samples[to++] = (byte) picture.samples().at(pixel * picture.channels() + channel);
        }
      }
    }
    return picture.grey()
        ? Picture.grey(width, height, samples)
        : Picture.rgb(width, height, samples);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
