package dev.fovea.pictures.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.pictures.decode.Decoded;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.Encoding;
import dev.fovea.pictures.encode.PictureLayout;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file says beside its samples, read, turned, enlarged and written. */
class MetadataTest {
  private static final Picture PICTURE = Picture.rgb(3, 2, new byte[18]);
  private static final byte[] XMP =
      bytes(
          "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description tiff:Orientation=\"6\""
              + " tiff:XResolution='72/1' exif:PixelXDimension=\"3\">"
              + "<tiff:YResolution>144</tiff:YResolution><dc:title>\u00e9</dc:title>");
  private static final byte[] IPTC = {0x1C, 2, 25, 0, 3, 'k', 'e', 'y'};
  private static final PngText AUTHOR = new PngText("tEXt", bytes("Author\0Somebody"));
  private static final PngText COMMENT = PngText.ofComment(bytes("as it was"));
  private static final Density DPI_300 = Density.ofJfif(1, 300, 300).orElseThrow();
  private static final Metadata ALL =
      new Metadata(
          Optional.empty(),
          PngColours.NONE,
          Optional.empty(),
          Optional.of(XMP),
          Optional.of(IPTC),
          Optional.of(DPI_300),
          List.of(AUTHOR, COMMENT),
          List.of());

  @Test
  void pngHoldsEverything() throws RejectedPictureException {
    Metadata read = through(Encoding.Png.DEFAULT);

    assertThat(read.xmp()).hasValue(XMP);
    assertThat(read.iptc()).hasValue(IPTC);
    assertThat(perInch(read)).isCloseTo(300, within(0.01));
    assertThat(keywords(read)).containsExactly("Author", "Comment");
    assertThat(read.texts().get(0).text(100)).hasValue(bytes("Somebody"));
    assertThat(omissions(Encoding.Png.DEFAULT)).isEmpty();
  }

  @Test
  void jpegHoldsAllButTextsThatAreNoComments() throws RejectedPictureException {
    Encoding jpeg = new Encoding.Jpeg(90);
    Metadata read = through(jpeg);

    assertThat(read.xmp()).hasValue(XMP);
    assertThat(read.iptc()).hasValue(IPTC);
    assertThat(perInch(read)).isEqualTo(300);
    assertThat(keywords(read)).containsExactly("Comment");
    assertThat(read.texts().get(0).comment()).hasValue(bytes("as it was"));
    assertThat(omissions(jpeg))
        .containsExactly("texts are not kept, since JPEG has no place for them: Author");
  }

  @Test
  void webpHoldsXmpAndSaysWhatItDoesNotHold() throws RejectedPictureException {
    Encoding webp = new Encoding.WebpLossless();
    Metadata read = through(webp);

    assertThat(read.xmp()).hasValue(XMP);
    assertThat(omissions(webp))
        .containsExactly(
            "texts are not kept, since WEBP has no place for them: Author, Comment",
            "IPTC is not kept: WEBP has no place for it",
            "the density, or shape of pixels, is not kept: WEBP has no place for it");
  }

  @Test
  void whatIsTooLongForASegmentOfJpegIsLeftOutAndNoted() throws RejectedPictureException {
    Metadata large =
        new Metadata(
            Optional.empty(),
            PngColours.NONE,
            Optional.of(new byte[70_000]),
            Optional.of(new byte[70_000]),
            Optional.of(Arrays.copyOf(IPTC, 70_000)),
            Optional.of(new Density(1e8, 1e8, true)),
            List.of(),
            List.of());
    Picture picture = PICTURE.withMetadata(large);
    Encoding jpeg = new Encoding.Jpeg(90);

    Metadata read = decode(jpeg.encode(picture)).picture().metadata();

    assertThat(read.xmp()).isEmpty();
    assertThat(read.iptc()).isEmpty();
    assertThat(read.density()).isEmpty();
    assertThat(jpeg.omissions(PictureLayout.of(picture)))
        .containsExactly(
            "EXIF of 70000 bytes is not kept: JPEG allows 65527",
            "XMP of 70000 bytes is not kept: JPEG allows 65504",
            "IPTC of 70012 bytes is not kept: JPEG allows 65519",
            "the density is not kept: JPEG allows 65535 pixels a centimetre");
  }

  @Test
  void whatGoesOnBeyondASegmentIsLostAndNoted() throws RejectedPictureException {
    byte[] jpeg = new Encoding.Jpeg(90).encode(PICTURE);
    byte[] body = bytes("http://ns.adobe.com/xmp/extension/\0and so on");
    byte[] head = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE1, 0, (byte) (body.length + 2)};
    byte[] extended = joined(joined(head, body), Arrays.copyOfRange(jpeg, 2, jpeg.length));

    Decoded decoded = decode(extended);

    // Such a file can still be handed on as it is.
    assertThat(decoded.notes()).isEmpty();
    assertThat(Encoding.Png.DEFAULT.omissions(PictureLayout.of(decoded.picture())))
        .containsExactly("the part of XMP beyond one segment ignored");
  }

  @Test
  void pixelsThatAreNotSquareStaySo() throws RejectedPictureException {
    byte[] phys = {0, 0, 0, 2, 0, 0, 0, 1, 0};
    Picture picture = decode(PngFiles.with(PICTURE, "pHYs", phys)).picture();
    Picture large = PICTURE.withMetadata(picture.metadata().enlarged(12, 8, 4));

    for (Encoding encoding : List.of(Encoding.Png.DEFAULT, new Encoding.Jpeg(90))) {
      assertThat(decode(encoding.encode(large)).picture().metadata().density())
          .hasValue(new Density(2, 1, false));
    }
  }

  @Test
  void anEnlargedPictureKeepsItsSizeOnPaper() throws RejectedPictureException {
    byte[] exif = exif(1);
    Metadata large = ALL.withExif(Optional.of(exif)).enlarged(12, 8, 4);
    String xmp = new String(large.xmp().orElseThrow(), StandardCharsets.ISO_8859_1);

    assertThat(perInch(large)).isEqualTo(1200);
    assertThat(Exif.density(large.exif().orElseThrow()))
        .hasValue(Density.ofJfif(1, 800, 400).orElseThrow());
    assertThat(xmp)
        .contains("tiff:XResolution='288/1'", "<tiff:YResolution>576<", "PixelXDimension=\"12\"")
        .endsWith("<dc:title>\u00e9</dc:title>");
    assertThat(ByteBuffer.wrap(decodedJfif(large)).getShort(1)).isEqualTo((short) 1200);
  }

  @Test
  void aTurnedPictureExchangesColumnsAndRowsEverywhere() throws RejectedPictureException {
    byte[] phys = ByteBuffer.allocate(9).putInt(1000).putInt(2000).put((byte) 1).array();
    byte[] file =
        PngFiles.with(PICTURE, "pHYs", phys, "eXIf", exif(6), "iTXt", PngText.ofXmp(XMP).data());

    Metadata upright = decode(file).picture().metadata();

    assertThat(upright.density()).hasValue(new Density(2000, 1000, true));
    assertThat(Exif.density(upright.exif().orElseThrow()))
        .hasValue(Density.ofJfif(1, 100, 200).orElseThrow());
    assertThat(new String(upright.xmp().orElseThrow(), StandardCharsets.ISO_8859_1))
        .contains("tiff:Orientation=\"1\"", "XResolution='144'", "<tiff:YResolution>72/1<");
  }

  @Test
  void theDensityOfExifCountsWhereTheFormatStatesNone() throws RejectedPictureException {
    byte[] file =
        Encoding.Png.DEFAULT.encode(PICTURE.withMetadata(Metadata.NONE.withExif(bytesOf(exif(1)))));
    assertThat(decode(file).picture().metadata().density())
        .hasValue(Density.ofJfif(1, 200, 100).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"eXIf", "tEXt", "zTXt", "iTXt"})
  void exifTurnsAPngWhereverItStands(String type) throws RejectedPictureException {
    byte[] block = joined(bytes("Exif\0\0"), exif(6));
    String hex = HexFormat.of().formatHex(block).replaceAll("(.{72})", "$1\n");
    byte[] profile = bytes("\ngeneric profile\n%8d\n%s\n".formatted(block.length, hex));
    byte[] data =
        switch (type) {
          case "tEXt" -> joined(bytes("Raw profile type exif\0"), profile);
          case "zTXt" -> PngText.packed("Raw profile type APP1", profile).data();
          case "iTXt" -> joined(bytes("Raw profile type exif\0\0\0\0\0"), profile);
          default -> block;
        };

    Decoded decoded = decode(PngFiles.with(PICTURE, type, data));

    assertThat(decoded.notes()).isEmpty();
    assertThat(decoded.picture().width()).isEqualTo(2);
    assertThat(decoded.picture().metadata().exif().map(Exif::orientation)).hasValue(1);
    assertThat(decoded.picture().metadata().texts()).isEmpty();
  }

  @Test
  void aMillionTextsAreNoMillionNotes() throws RejectedPictureException {
    List<Object> chunks = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      chunks.addAll(List.of("tEXt", AUTHOR.data(), "zTXt", new byte[] {'x'}));
    }
    Decoded decoded = decode(PngFiles.with(PICTURE, chunks.toArray()));

    assertThat(decoded.picture().metadata().texts()).hasSize(256);
    assertThat(decoded.picture().metadata().lost())
        .containsExactlyInAnyOrder(
            "texts beyond 256 or 16777216 bytes ignored", "misshapen text chunk ignored");
    assertThat(decoded.notes()).isEmpty();
  }

  @Test
  void textsThatExpandBeyondTheLimitAreIgnoredWithANote() throws RejectedPictureException {
    byte[] bomb = PngText.packed("Raw profile type exif", new byte[2_000_000]).data();
    Limits tight = new Limits(1000, 1 << 20, 1, 100_000);
    byte[] file = PngFiles.with(PICTURE, "zTXt", bomb, "zTXt", bomb, "tEXt", new byte[200_000]);

    Decoded decoded = PictureDecoder.decode(file, tight, ColourPolicy.KEEP);
    assertThat(decoded.notes())
        .containsExactly(
            "damaged or too large exif in a text chunk ignored",
            "a second text of the kind of exif ignored");
    assertThat(decoded.picture().metadata().lost())
        .containsExactly("text of more than 100000 bytes ignored");
  }

  @Test
  void noiseInMetadataIsNeverAnError() {
    Random random = new Random(5);
    byte[] jpeg =
        new Encoding.Jpeg(90).encode(PICTURE.withMetadata(ALL.withExif(bytesOf(exif(6)))));
    int segments = jpeg.length - 400;
    byte[][] texts = {
      RawProfile.ofIptc(IPTC).data(), PngText.ofXmp(XMP).data(), joined(bytes("Title\0\1\0"), XMP)
    };
    for (int i = 0; i < 300; i++) {
      byte[] file = damaged(jpeg, random, segments);
      byte[] text = damaged(texts[i % 3], random, texts[i % 3].length);
      byte[] chrm = damaged(PngFiles.ints(1, 1, 2, 2, 3, 3, 4, 5), random, 32);
      for (byte[] candidate :
          new byte[][] {
            file,
            PngFiles.with(
                PICTURE,
                List.of("zTXt", "iTXt", "tEXt").get(random.nextInt(3)),
                text,
                "eXIf",
                damaged(exif(6), random, 66),
                "cHRM",
                chrm,
                "pHYs",
                damaged(new byte[9], random, 9))
          }) {
        try {
          Metadata read =
              PictureDecoder.decode(
                      candidate,
                      Limits.defaults(),
                      i % 2 == 0 ? ColourPolicy.KEEP : ColourPolicy.SRGB)
                  .picture()
                  .metadata();
          Picture large = PICTURE.withMetadata(read.enlarged(12, 8, 4));
          assertThat(decode(Encoding.Png.DEFAULT.encode(large))).isNotNull();
          assertThat(new Encoding.Jpeg(90).omissions(PictureLayout.of(large))).isNotNull();
        } catch (RejectedPictureException e) {
          assertThat(e).hasMessageNotContaining("unforeseen");
        }
      }
    }
  }

  private static byte[] damaged(byte[] bytes, Random random, int within) {
    byte[] damaged = bytes.clone();
    for (int i = 0; i < 3; i++) {
      damaged[random.nextInt(within)] = (byte) random.nextInt();
    }
    return damaged;
  }

  private static Metadata through(Encoding encoding) throws RejectedPictureException {
    return decode(encoding.encode(PICTURE.withMetadata(ALL))).picture().metadata();
  }

  private static List<String> omissions(Encoding encoding) {
    return encoding.omissions(PictureLayout.of(PICTURE.withMetadata(ALL)));
  }

  private static byte[] decodedJfif(Metadata metadata) {
    return metadata.density().orElseThrow().jfif();
  }

  private static double perInch(Metadata metadata) {
    return metadata.density().orElseThrow().x() * 0.0254;
  }

  private static List<String> keywords(Metadata metadata) {
    return metadata.texts().stream().map(PngText::keyword).toList();
  }

  private static Decoded decode(byte[] file) throws RejectedPictureException {
    return PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.KEEP);
  }

  /** Orientation, and 200 columns but 100 rows an inch. */
  private static byte[] exif(int orientation) {
    ByteBuffer block = ByteBuffer.allocate(66).put(bytes("MM\0*")).putInt(8).putShort((short) 3);
    entry(block, 0x0112, 3, orientation << 16);
    entry(block, 0x011A, 5, 50);
    entry(block, 0x011B, 5, 58);
    return block.putInt(0).putInt(200).putInt(1).putInt(100).putInt(1).array();
  }

  private static void entry(ByteBuffer block, int tag, int type, int value) {
    block.putShort((short) tag).putShort((short) type).putInt(1).putInt(value);
  }

  private static Optional<byte[]> bytesOf(byte[] bytes) {
    return Optional.of(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] joined(byte[] head, byte[] body) {
    byte[] whole = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }
}
