package dev.fovea.pictures.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every row encoder must do. */
class RowEncodersTest {
  private static final Picture WHOLE =
      SamplePictures.random(37, 53, SamplePictures.Kind.RGB, new Random(1));

  static Stream<Encoding> encodings() {
    return Stream.of(
        Encoding.Png.DEFAULT,
        new Encoding.Png(1, PngFiltering.FAST),
        new Encoding.Jpeg(80),
        new Encoding.Jpeg(95),
        new Encoding.WebpLossless(),
        new Encoding.WebpLossy(80));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void theFileDoesNotDependOnTheBands(Encoding encoding) throws IOException {
    for (SamplePictures.Kind kind : SamplePictures.Kind.values()) {
      Picture picture = SamplePictures.random(61, 47, kind, new Random(7));
      byte[] whole = encoding.encode(picture);
      for (int rows : new int[] {1, 2, 7, 8, 9, 16, 17, 46}) {
        assertThat(inBands(encoding, picture, rows)).isEqualTo(whole);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void anEncoderClosedEarlyThrowsAndLeavesNoWholeFile(Encoding encoding) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowEncoder encoder = encoding.open(out, PictureLayout.of(WHOLE));
    encoder.write(WHOLE.crop(0, 0, 37, 52));
    assertThat(encoder.rowsLeft()).isEqualTo(1);
    assertThatThrownBy(encoder::close)
        .isInstanceOf(IncompletePictureException.class)
        .hasMessage("encoder closed with 1 of 53 rows missing");
    assertThatThrownBy(
            () -> PictureDecoder.decode(out.toByteArray(), Limits.defaults(), ColourPolicy.KEEP))
        .isInstanceOf(IOException.class);
    int length = out.size();
    encoder.close();
    assertThat(out.size()).isEqualTo(length);
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void bandsOfAnotherLayoutAreRefusedAndNotWritten(Encoding encoding) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RowEncoder encoder = encoding.open(out, PictureLayout.of(WHOLE))) {
      Picture grey = SamplePictures.random(37, 3, SamplePictures.Kind.GREY, new Random(1));
      assertThatThrownBy(() -> encoder.write(grey))
          .hasMessage(
              "band of 37 columns, grey, 8 bits does not fit a picture of 37 columns, RGB, 8 bits");
      assertThatThrownBy(() -> encoder.write(WHOLE.crop(0, 0, 36, 3)))
          .hasMessageContaining("36 columns");
      encoder.write(WHOLE.crop(0, 0, 37, 50));
      assertThatThrownBy(() -> encoder.write(WHOLE.crop(0, 0, 37, 4)))
          .hasMessage("band of 4 rows where 3 are left");
      encoder.write(WHOLE.crop(0, 50, 37, 3));
    }
    assertThat(out.toByteArray()).isEqualTo(encoding.encode(WHOLE));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void aFullDiskIsReportedAsIs(Encoding encoding) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    assertThatThrownBy(
            () -> {
              try (RowEncoder encoder = encoding.open(full, PictureLayout.of(WHOLE))) {
                encoder.write(WHOLE);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("no space left");
  }

  @ParameterizedTest
  @CsvSource({
    "jpg, 65536, 1, 65535",
    "jpg, 1, 65536, 65535",
    "webp, 16384, 1, 16383",
    "webp, 1, 16384, 16383"
  })
  void whatDoesNotFitTheFormatIsRefusedBeforeAnythingIsWritten(
      String extension, int width, int height, int largest) {
    PictureLayout layout = PictureLayout.of(WHOLE).resized(width, height);
    encodings()
        .filter(encoding -> encoding.extension().equals(extension))
        .forEach(
            encoding -> {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              assertThatThrownBy(() -> encoding.open(out, layout))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage(encoding.refusal(layout).orElseThrow())
                  .hasMessageContaining(width + "x" + height)
                  .hasMessageContaining("sides of " + largest);
              assertThat(out.size()).isZero();
            });
  }

  @Test
  void onlyWebpNeedsMemoryForTheWholePicture() {
    PictureLayout large = PictureLayout.of(WHOLE).resized(16000, 16000);
    assertThat(Encoding.Png.DEFAULT.memoryBytes(large)).isLessThan(2 << 20);
    assertThat(new Encoding.Jpeg(80).memoryBytes(large)).isLessThan(2 << 20);
    assertThat(new Encoding.WebpLossless().memoryBytes(large)).isGreaterThan(4L << 30);
    assertThat(new Encoding.WebpLossy(80).memoryBytes(large)).isGreaterThan(4L << 30);
  }

  @Test
  void pngOfEveryLevelAndFilterIsLossless() throws IOException {
    Picture picture = SamplePictures.random(61, 47, SamplePictures.Kind.RGBA_16, new Random(3));
    for (int level = 0; level <= 9; level++) {
      for (PngFiltering filtering : PngFiltering.values()) {
        byte[] file = new Encoding.Png(level, filtering).encode(picture);
        Differences.assertSame(
            PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.KEEP).picture(), picture);
      }
    }
    assertThatThrownBy(() -> new Encoding.Png(10, PngFiltering.FAST))
        .hasMessage("PNG level 10 is not 0 to 9");
  }

  @Test
  void longPngDataIsCutIntoChunks() throws IOException {
    Picture noise = SamplePictures.random(700, 500, SamplePictures.Kind.RGB, new Random(5));
    byte[] file = new Encoding.Png(0, PngFiltering.FAST).encode(noise);
    assertThat(file.length).isGreaterThan(1 << 20);
    Differences.assertSame(
        PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.KEEP).picture(), noise);
  }

  private static byte[] inBands(Encoding encoding, Picture picture, int rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RowEncoder encoder = encoding.open(out, PictureLayout.of(picture))) {
      for (int y = 0; y < picture.height(); y += rows) {
        int count = Math.min(rows, picture.height() - y);
        encoder.write(picture.crop(0, y, picture.width(), count));
      }
    }
    return out.toByteArray();
  }
}
