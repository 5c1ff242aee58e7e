package dev.fovea.pictures.metadata;

import static dev.fovea.pictures.metadata.PngFiles.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.pictures.decode.Decoded;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.decode.PictureFile;
import dev.fovea.pictures.encode.Encoding;
import dev.fovea.pictures.encode.PictureLayout;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Colours that PNG's own chunks declare, against the formulas of their standards. */
class PngColoursTest {
  private static final Picture PICTURE =
      Picture.rgb(3, 1, new byte[] {40, (byte) 128, (byte) 200, 90, 90, 90, (byte) 255, 0, 0});
  private static final byte[] LINEAR = ints(100_000);
  private static final byte[] MAC = ints(55_556);
  private static final byte[] USUAL = ints(45_455);
  private static final byte[] SRGB_PRIMARIES =
      ints(31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000);
  private static final byte[] P3_PRIMARIES =
      ints(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000);
  private static final byte[] P3 = {12, 13, 0, 1};
  private static final byte[] SRGB = {1, 13, 0, 1};
  private static final byte[] PQ = {9, 16, 0, 1};
  private static final byte[] HLG = {9, 18, 0, 1};

  /** Display P3 to sRGB, both linear. */
  private static final double[][] P3_TO_SRGB = {
    {1.2249, -0.2247, 0}, {-0.0420, 1.0419, 0}, {-0.0197, -0.0786, 1.0979}
  };

  @Test
  void linearSamplesBecomeSrgb() throws RejectedPictureException {
    Picture converted = decode(ColourPolicy.SRGB, "gAMA", LINEAR).picture();
    for (int i = 0; i < 9; i++) {
      assertThat((double) converted.samples().at(i))
          .isCloseTo(255 * encoded(PICTURE.samples().at(i) / 255.0), within(1.01));
    }
    assertThat(converted.metadata().colours().chunks()).isEmpty();
  }

  @Test
  void aTextThatSomeTakeForAProfileGoesWithTheColours() throws RejectedPictureException {
    byte[] text = "Raw profile type icc\0icc".getBytes(StandardCharsets.ISO_8859_1);
    byte[] title = "Title\0icc".getBytes(StandardCharsets.ISO_8859_1);
    Object[] chunks = {"tEXt", text, "tEXt", title};
    assertThat(decode(ColourPolicy.KEEP, chunks).picture().metadata().texts()).hasSize(2);
    assertThat(decode(ColourPolicy.SRGB, chunks).picture().metadata().texts()).hasSize(1);
  }

  @Test
  void greysOfSixteenBitsDoSoToo() throws RejectedPictureException {
    short[] levels = {0, 500, 10_000, (short) 40_000, (short) 65_535};
    Picture grey = Picture.plain(5, 1, true, new Samples.Words(levels));
    Picture converted =
        PictureDecoder.decode(
                PngFiles.with(grey, "gAMA", LINEAR), Limits.defaults(), ColourPolicy.SRGB)
            .picture();
    for (int i = 0; i < 5; i++) {
      assertThat((double) converted.samples().at(i))
          .isCloseTo(65535 * encoded((levels[i] & 0xFFFF) / 65535.0), within(150.0));
    }
  }

  @Test
  void otherGammasAndPrimariesBecomeSrgb() throws RejectedPictureException {
    assertP3(decode(ColourPolicy.SRGB, "gAMA", MAC, "cHRM", P3_PRIMARIES).picture(), false);
    assertP3(decode(ColourPolicy.SRGB, "cICP", P3).picture(), true);
  }

  @Test
  void whatIsSrgbUnderAnotherNameStaysAsItIs() throws RejectedPictureException {
    Object[][] files = {
      {"gAMA", USUAL},
      {"gAMA", ints(45_000), "cHRM", SRGB_PRIMARIES},
      {"cICP", SRGB},
      {"sRGB", new byte[1], "gAMA", LINEAR, "cHRM", P3_PRIMARIES},
      {"cICP", SRGB, "gAMA", LINEAR, "cHRM", P3_PRIMARIES},
    };
    for (Object[] chunks : files) {
      byte[] file = PngFiles.with(PICTURE, chunks);
      PictureFile opened = PictureFile.open(file, Limits.defaults());
      assertThat(opened.storesSrgb()).isTrue();
      assertThat(opened.plain()).isTrue();
      assertThat(samples(opened.decode(ColourPolicy.SRGB).picture())).isEqualTo(samples(PICTURE));
    }
    PictureFile linear =
        PictureFile.open(PngFiles.with(PICTURE, "gAMA", LINEAR), Limits.defaults());
    assertThat(linear.storesSrgb()).isFalse();
    assertThat(linear.plain()).isFalse();
    assertThat(PictureFile.open(withPrimariesAlone(), Limits.defaults()).plain()).isFalse();
  }

  private static byte[] withPrimariesAlone() {
    return PngFiles.with(PICTURE, "cHRM", P3_PRIMARIES);
  }

  @Test
  void cicpCountsBeforeTheProfileAndTheProfileBeforeGamma() throws RejectedPictureException {
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    Picture tagged = PICTURE.withIcc(Optional.of(profile));

    byte[] under = PngFiles.with(tagged, "cICP", SRGB);
    assertThat(samples(decode(under, ColourPolicy.SRGB).picture())).isEqualTo(samples(PICTURE));
    byte[] over = PngFiles.with(tagged, "gAMA", MAC);
    assertThat((double) decode(over, ColourPolicy.SRGB).picture().samples().at(1))
        .isCloseTo(255 * encoded(128 / 255.0), within(1.5));
    byte[] broken = PngFiles.with(PICTURE.withIcc(Optional.of(new byte[200])), "gAMA", LINEAR);
    Decoded fallenBack = decode(broken, ColourPolicy.SRGB);
    assertThat(fallenBack.notes()).containsExactly("broken colour profile ignored");
    assertThat((double) fallenBack.picture().samples().at(1))
        .isCloseTo(255 * encoded(128 / 255.0), within(1.5));
  }

  @Test
  void chunksAreKeptInPngAndBecomeAProfileElsewhere() throws RejectedPictureException {
    Object[] chunks = {"gAMA", MAC, "cHRM", P3_PRIMARIES};
    Picture kept = decode(ColourPolicy.KEEP, chunks).picture();
    assertThat(samples(kept)).isEqualTo(samples(PICTURE));

    Picture png = decode(Encoding.Png.DEFAULT.encode(kept), ColourPolicy.KEEP).picture();
    assertThat(png.icc()).isEmpty();
    assertThat(png.metadata().colours().chunks())
        .containsEntry("gAMA", MAC)
        .containsEntry("cHRM", P3_PRIMARIES);
    byte[] webp = new Encoding.WebpLossless().encode(kept);
    assertThat(samples(decode(webp, ColourPolicy.KEEP).picture())).isEqualTo(samples(PICTURE));
    assertP3(decode(webp, ColourPolicy.SRGB).picture(), false);
    assertThat(decode(new Encoding.Jpeg(95).encode(kept), ColourPolicy.KEEP).picture().icc())
        .isPresent();
  }

  @Test
  void brighterColoursThanWhiteAreCutAndThatIsNoted() throws RejectedPictureException {
    // 203 candela, white, is 0.58 of the one and 0.75 of the other.
    byte[] levels = {(byte) 148, (byte) 148, (byte) 148, (byte) 191, (byte) 191, (byte) 191};
    Picture grey = Picture.rgb(2, 1, levels);
    Decoded pq = decode(PngFiles.with(grey, "cICP", PQ), ColourPolicy.SRGB);
    assertThat(pq.picture().samples().at(0)).isBetween(250, 255);
    assertThat(pq.picture().samples().at(3)).isEqualTo(255);
    assertThat(pq.notes()).containsExactly("colours brighter than white are cut to white");
    Decoded hlg = decode(PngFiles.with(grey, "cICP", HLG), ColourPolicy.SRGB);
    assertThat(hlg.picture().samples().at(0)).isBetween(130, 190);
    assertThat(hlg.picture().samples().at(3)).isBetween(250, 255);

    Picture kept = decode(PngFiles.with(grey, "cICP", PQ), ColourPolicy.KEEP).picture();
    assertThat(kept.metadata().colours().chunks()).containsEntry("cICP", PQ);
    assertThat(new Encoding.Jpeg(90).omissions(PictureLayout.of(kept)))
        .containsExactly("colours brighter than white look white: JPEG has no cICP");
  }

  @Test
  void whatCannotBeFollowedIsNotedAndNeverAnError() throws RejectedPictureException {
    Object[][] files = {
      {"cICP", new byte[] {2, 2, 0, 1}},
      {"cICP", new byte[] {1, 13, 1, 1}},
      {"gAMA", ints(0)},
      {"gAMA", ints(-1)},
      {"cHRM", ints(0, 0, 0, 0, 0, 0, 0, 0)},
      {"cHRM", ints(31_270, 32_900, 64_000, 33_000, 64_000, 33_000, 15_000, 6_000)},
    };
    for (Object[] chunks : files) {
      Decoded decoded = decode(ColourPolicy.SRGB, chunks);
      assertThat(decoded.notes()).hasSize(1).allMatch(note -> note.contains("not applied"));
      assertThat(samples(decoded.picture())).isEqualTo(samples(PICTURE));
    }
    assertThat(decode(ColourPolicy.SRGB, "gAMA", new byte[3]).notes()).isEmpty();
  }

  private static void assertP3(Picture converted, boolean srgbCurve) {
    for (int pixel = 0; pixel < 3; pixel++) {
      double[] light = new double[3];
      for (int c = 0; c < 3; c++) {
        double sample = PICTURE.samples().at(3 * pixel + c) / 255.0;
        light[c] = srgbCurve ? decoded(sample) : Math.pow(sample, 1.8);
      }
      for (int c = 0; c < 3; c++) {
        double[] row = P3_TO_SRGB[c];
        double linear = row[0] * light[0] + row[1] * light[1] + row[2] * light[2];
        double expected = 255 * encoded(Math.max(0, Math.min(1, linear)));
        assertThat((double) converted.samples().at(3 * pixel + c)).isCloseTo(expected, within(1.5));
      }
    }
  }

  private static double encoded(double light) {
    return light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
  }

  private static double decoded(double sample) {
    return sample <= 0.04045 ? sample / 12.92 : Math.pow((sample + 0.055) / 1.055, 2.4);
  }

  private static Decoded decode(ColourPolicy policy, Object... chunks)
      throws RejectedPictureException {
    return decode(PngFiles.with(PICTURE, chunks), policy);
  }

  private static Decoded decode(byte[] file, ColourPolicy policy) throws RejectedPictureException {
    return PictureDecoder.decode(file, Limits.defaults(), policy);
  }

  private static List<Integer> samples(Picture picture) {
    return java.util.stream.IntStream.range(0, picture.samples().length())
        .map(picture.samples()::at)
        .boxed()
        .toList();
  }
}
