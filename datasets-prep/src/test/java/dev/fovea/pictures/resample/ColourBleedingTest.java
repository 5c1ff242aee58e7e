package dev.fovea.pictures.resample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColourBleedingTest {
  @Test
  void anOpaqueShapeOnTransparentBlackGetsNoFringeWhenEnlarged() {
    Picture disc = disc(40, 33, 8);
    Picture plain = Imresize.bicubic(disc, 4 * 33, 4 * 40);
    Picture bled = Imresize.bicubic(ColourBleeding.underTransparency(disc), 4 * 33, 4 * 40);
    assertThat(darkestVisible(plain)).as("the fringe that is to go").isLessThan(150);
    assertThat(darkestVisible(bled)).isEqualTo(200);
  }

  @Test
  void whatHardlyShowsTakesMostOfItsColourFromWhatShowsBesideIt() {
    byte[] alpha = {(byte) 255, (byte) 255, 1, 8, 15, 16, (byte) 255};
    Picture row =
        new Picture(
            7,
            1,
            true,
            new Samples.Bytes(new byte[] {(byte) 200, (byte) 200, 0, 0, 0, 0, (byte) 200}),
            Optional.of(new Samples.Bytes(alpha)),
            Metadata.NONE);

    Samples bled = ColourBleeding.underTransparency(row).samples();

    assertThat(bled.at(2)).as("alpha 1").isBetween(160, 200);
    assertThat(bled.at(3)).as("alpha 8").isBetween(60, 110);
    assertThat(bled.at(4)).as("alpha 15").isLessThan(20);
    assertThat(bled.at(5)).as("alpha 16").isZero();
    assertThat(bled.at(0)).isEqualTo(200);
  }

  @Test
  void sixteenBitsAndGreyAreFilledAsWell() {
    Picture disc = disc(21, 50, 16);
    Picture bled = ColourBleeding.underTransparency(disc);
    for (int i = 0; i < bled.samples().length(); i++) {
      assertThat(bled.samples().at(i)).isEqualTo(200 * 257);
    }
    Samples alpha = new Samples.Bytes(new byte[] {0, 0, 90, 0, 0});
    Picture grey =
        new Picture(
            5,
            1,
            true,
            new Samples.Bytes(new byte[] {1, 2, 77, 4, 5}),
            Optional.of(alpha),
            Metadata.NONE);
    assertThat(ColourBleeding.underTransparency(grey).samples().toBytes().values())
        .containsOnly(77);
  }

  @Test
  void whatCanBeSeenStaysAndGapsTakeTheColourNearby() {
    Random random = new Random(5);
    byte[] rgb = new byte[3 * 64 * 64];
    byte[] alpha = new byte[64 * 64];
    random.nextBytes(rgb);
    for (int i = 0; i < alpha.length; i++) {
      // Red on the left, blue on the right, a transparent stripe between.
      int x = i % 64;
      alpha[i] = (byte) (x < 20 || x >= 44 ? 16 + random.nextInt(240) : 0);
      if (alpha[i] != 0) {
        rgb[3 * i] = (byte) (x < 32 ? 255 : 0);
        rgb[3 * i + 1] = 0;
        rgb[3 * i + 2] = (byte) (x < 32 ? 0 : 255);
      }
    }
    Picture picture = withAlpha(64, 64, new Samples.Bytes(rgb), new Samples.Bytes(alpha));
    Picture bled = ColourBleeding.underTransparency(picture);
    assertThat(bled.alpha()).isEqualTo(picture.alpha());
    for (int i = 0; i < alpha.length; i++) {
      int x = i % 64;
      if (alpha[i] != 0) {
        for (int c = 0; c < 3; c++) {
          assertThat(bled.samples().at(3 * i + c)).isEqualTo(picture.samples().at(3 * i + c));
        }
      } else {
        assertThat(bled.samples().at(3 * i + 1)).isZero();
        assertThat(bled.samples().at(3 * i) + bled.samples().at(3 * i + 2)).isBetween(254, 256);
      }
      if (x == 20 || x == 43) {
        assertThat(bled.samples().at(3 * i + (x < 32 ? 0 : 2))).isGreaterThan(170);
      }
    }
  }

  @Test
  void whereNothingIsToBeFilledThePictureIsReturned() {
    Picture opaque = Picture.grey(2, 1, new byte[2]);
    assertThat(ColourBleeding.underTransparency(opaque)).isSameAs(opaque);
    Picture invisible =
        withAlpha(2, 1, new Samples.Bytes(new byte[6]), new Samples.Bytes(new byte[2]));
    assertThat(ColourBleeding.underTransparency(invisible)).isSameAs(invisible);
    Picture seen =
        withAlpha(2, 1, new Samples.Bytes(new byte[6]), new Samples.Bytes(new byte[] {1, 2}));
    Differences.assertSame(ColourBleeding.underTransparency(seen), seen);
  }

  /** A disc of 200 in all channels, opaque, on transparent black. */
  private static Picture disc(int width, int height, int bits) {
    byte[] bytes = new byte[3 * width * height];
    byte[] opaque = new byte[width * height];
    for (int i = 0; i < opaque.length; i++) {
      int x = i % width;
      int y = i / width;
      double distance = Math.hypot(x - width / 2.0, y - height / 2.0);
      if (distance < 9) {
        opaque[i] = -1;
        java.util.Arrays.fill(bytes, 3 * i, 3 * i + 3, (byte) 200);
      }
    }
    Samples colours = new Samples.Bytes(bytes);
    Samples alpha = new Samples.Bytes(opaque);
    return bits == 8
        ? withAlpha(width, height, colours, alpha)
        : withAlpha(width, height, widened(colours), widened(alpha));
  }

  private static Samples widened(Samples bytes) {
    short[] words = new short[bytes.length()];
    for (int i = 0; i < words.length; i++) {
      words[i] = (short) (bytes.at(i) * 257);
    }
    return new Samples.Words(words);
  }

  private static Picture withAlpha(int width, int height, Samples colours, Samples alpha) {
    return new Picture(width, height, false, colours, Optional.of(alpha), Metadata.NONE);
  }

  private static int darkestVisible(Picture picture) {
    int darkest = 255;
    for (int i = 0; i < picture.samples().length(); i++) {
      if (picture.alpha().orElseThrow().at(i / 3) > 0) {
        darkest = Math.min(darkest, picture.samples().at(i));
      }
    }
    return darkest;
  }
}
