package dev.fovea.pictures.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.fovea.pictures.encode.JpegEncoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.encode.WebpEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Differences;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits, truncation and what fuzzing found; needs no files. */
class HostileFilesTest {
  private static final Picture NOISE = noise(60, 45);

  /** A GIF of 2x2 pixels in two frames, of four colours. */
  private static final byte[] GIF =
      HexFormat.of()
          .parseHex(
              "474946383961020002008100000000000000ff00ff00ff0000"
                  + "2c000000000200020000020384510500"
                  + "2c000000000200020000020384510500"
                  + "3b");

  @Test
  void moreBytesThanTheLimitAreRefused() {
    Limits tight = new Limits(1000, 10, 10, 10);
    assertThatThrownBy(() -> decode(new byte[11], tight))
        .isInstanceOf(RejectedPictureException.class)
        .hasMessage("11 bytes are more than the limit of 10");
  }

  @Test
  void morePixelsThanTheLimitAreRefusedInEveryFormat() {
    Limits tight = Limits.defaults().withPixels(60 * 45 - 1);
    for (byte[] file : files()) {
      assertThatThrownBy(() -> decode(file, tight))
          .isInstanceOf(RejectedPictureException.class)
          .hasMessageContaining("declares 60x45 pixels, more than the limit of 2699");
    }
  }

  @Test
  void moreFramesThanTheLimitAreRefusedInEveryFormat() throws RejectedPictureException {
    Limits two = new Limits(10_000, 1_000_000, 2, 1000);
    Limits one = new Limits(10_000, 1_000_000, 1, 1000);
    for (byte[] file : new byte[][] {GIF, animatedPng(2), animatedWebp(2)}) {
      assertThat(decode(file, two).notes())
          .contains("animation of 2 frames: only the first is read");
      assertThatThrownBy(() -> decode(file, one))
          .isInstanceOf(RejectedPictureException.class)
          .hasMessageContaining("more")
          .hasMessageContaining("limit of 1");
    }
  }

  @Test
  void theFirstFrameOfAGifIsDecoded() throws RejectedPictureException {
    Picture picture = decode(GIF, Limits.defaults()).picture();
    assertThat(picture.width()).isEqualTo(2);
    assertThat(picture.alpha()).isEmpty();
  }

  @Test
  void metadataBeyondTheLimitIsIgnoredWithANote() throws RejectedPictureException {
    Limits tight = new Limits(10_000, 1_000_000, 10, 1000);
    Picture tagged =
        NOISE.withIcc(Optional.of(new byte[5000])).withExif(Optional.of(new byte[2000]));
    for (byte[] file : new byte[][] {PngEncoder.encode(tagged), WebpEncoder.lossless(tagged)}) {
      Decoded decoded = decode(file, tight);
      assertThat(decoded.notes()).hasSize(2).allMatch(note -> note.contains("1000"));
      assertThat(decoded.picture().icc()).isEmpty();
      assertThat(decoded.picture().exif()).isEmpty();
    }
    Decoded jpeg = decode(JpegEncoder.encode(tagged, 80), tight);
    assertThat(jpeg.notes())
        .containsExactly("colour profile of 5000 bytes ignored, the limit is 1000");
  }

  @Test
  void aBrokenProfileIsIgnoredWithANote() throws RejectedPictureException {
    Picture tagged = NOISE.withIcc(Optional.of(new byte[500]));
    Decoded decoded = decode(PngEncoder.encode(tagged), Limits.defaults());
    assertThat(decoded.notes()).containsExactly("broken colour profile ignored");
    Differences.assertSame(decoded.picture(), NOISE);
  }

  @Property(tries = 200)
  void aTruncatedFileIsRefusedInEveryFormat(@ForAll @IntRange(min = 0, max = 999) int permille) {
    for (byte[] file : files()) {
      byte[] cut = Arrays.copyOf(file, (int) ((long) file.length * permille / 1000));
      assertThatThrownBy(() -> decode(cut, Limits.defaults()))
          .isInstanceOf(RejectedPictureException.class);
    }
  }

  @Property(tries = 300)
  void damageEndsInAPictureOrARefusal(@ForAll long seed) {
    Random random = new Random(seed);
    for (byte[] file : files()) {
      byte[] damaged = file.clone();
      for (int i = 0; i < 4; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(decode(damaged, new Limits(100_000, 1 << 20, 10, 1 << 16)).picture())
            .isNotNull();
      } catch (RejectedPictureException e) {
        assertThat(e).message().isNotBlank().doesNotContain("\n");
      }
    }
  }

  @Test
  void aJpegWithAFrameButNoScanIsRefused() {
    byte[] file = HexFormat.of().parseHex("ffd8ffc0000b080001000101011100ffd9");
    assertThatThrownBy(() -> decode(file, Limits.defaults()))
        .isInstanceOf(RejectedPictureException.class)
        .hasMessage("JPEG without a picture");
  }

  @Test
  void aPngThatCannotHoldWhatItDeclaresIsRefusedBeforeAllocation() {
    byte[] file = PngEncoder.encode(NOISE);
    file[16] = 0;
    file[17] = 0;
    file[18] = 0x20; // 8,252 columns
    file[22] = 0x20;
    CRC32 crc = new CRC32();
    crc.update(file, 12, 17);
    for (int i = 0; i < 4; i++) {
      file[29 + i] = (byte) (crc.getValue() >> (24 - 8 * i));
    }
    assertThatThrownBy(() -> decode(file, Limits.defaults()))
        .isInstanceOf(RejectedPictureException.class)
        .hasMessageContaining("but holds only");
  }

  @Test
  void aFewBytesTakeNoMemoryForTheCanvasThatTheyDeclare() {
    byte[] gif = GIF.clone();
    ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putShort(6, (short) 10_000);
    ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) 10_000);
    byte[] animated = animatedWebp(1);
    ByteBuffer.wrap(animated).order(ByteOrder.LITTLE_ENDIAN).putInt(24, 9_999).putInt(27, 9_999);
    byte[] lossy = WebpEncoder.lossy(NOISE, 75);
    int size = lossy[12 + 3] == 'X' ? 12 + 18 + 14 : 12 + 14;
    ByteBuffer.wrap(lossy).order(ByteOrder.LITTLE_ENDIAN).putInt(size, 4_000 << 16 | 4_000);

    for (byte[] file : new byte[][] {gif, oneColour(10_000), animated, lossy}) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      assertThatThrownBy(() -> decode(file, Limits.defaults()))
          .isInstanceOf(RejectedPictureException.class)
          .hasMessageContaining("000 pixels, which do not fit into its ");
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
    }
  }

  @Test
  void aBlankPageIsReadHoweverShortItsFile() throws RejectedPictureException {
    Picture page = decode(oneColour(4_096), Limits.defaults()).picture();

    assertThat(page.width()).isEqualTo(4_096);
    assertThat(page.height()).isEqualTo(4_096);
    for (int channel = 0; channel < 3; channel++) {
      assertThat(page.samples().at(channel)).isEqualTo(255);
      assertThat(page.samples().at(page.samples().length() - 1 - channel)).isEqualTo(255);
    }
  }

  /**
   * A square WebP of 30 bytes: all five codes have a single symbol, so that pixels take no bits.
   */
  private static byte[] oneColour(int side) {
    long codes = 0;
    int at = 3; // No transform, no colour cache, one group of codes.
    for (int symbol : new int[] {255, 255, 255, 255}) {
      codes |= 0b101L << at | (long) symbol << (at + 3);
      at += 11;
    }
    codes |= 0b001L << at;
    ByteBuffer data = ByteBuffer.allocate(13).order(ByteOrder.LITTLE_ENDIAN);
    data.put((byte) 0x2F).putInt((side - 1) | (side - 1) << 14).putLong(codes);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("WEBP".getBytes(StandardCharsets.ISO_8859_1));
    chunk(body, "VP8L", data.array());
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    chunk(file, "RIFF", body.toByteArray());
    return file.toByteArray();
  }

  @Test
  void aFileCannotGiveReasonForAMillionNotes() throws RejectedPictureException {
    byte[] damaged = {0, 0, 0, 0, 'a', 'b', 'C', 'd', 1, 2, 3, 4};

    Decoded decoded = decode(withChunks(damaged, 100_000), Limits.defaults());

    assertThat(decoded.notes()).hasSize(Decoded.MOST_NOTES + 1);
    assertThat(decoded.notes().get(0)).contains("wrong CRC");
    assertThat(decoded.notes().get(Decoded.MOST_NOTES)).startsWith("and more");
  }

  @Test
  @Timeout(10)
  void onlyOneProfileIsInflated() throws RejectedPictureException {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
      out.write(new byte[Limits.defaults().metadataBytes() + 1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] content = deflated.toByteArray();
    ByteBuffer chunk = ByteBuffer.allocate(4 + 4 + 3 + content.length + 4);
    chunk.putInt(3 + content.length).put("iCCP".getBytes(StandardCharsets.ISO_8859_1));
    chunk.put(new byte[] {'p', 0, 0}).put(content);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, chunk.position() - 4);
    chunk.putInt((int) crc.getValue());

    Decoded decoded = decode(withChunks(chunk.array(), 1000), Limits.defaults());

    assertThat(decoded.notes().get(0)).startsWith("colour profile of more than");
    assertThat(decoded.notes().get(1)).isEqualTo("misshapen colour profile ignored");
  }

  @Test
  @Timeout(10)
  void scansThatVisitEachBlockAgainAndAgainAreRefused() throws IOException {
    byte[] file = progressive(2048);
    int last = file.length - 2;
    while (file[last] != (byte) 0xFF || file[last + 1] != (byte) 0xDA) {
      last--;
    }
    ByteArrayOutputStream hostile = new ByteArrayOutputStream();
    hostile.write(file, 0, last);
    for (int i = 0; i < 80; i++) {
      hostile.write(file, last, file.length - 2 - last);
    }
    hostile.write(file, file.length - 2, 2);

    assertThat(decode(file, Limits.defaults()).picture().width()).isEqualTo(2048);
    assertThatThrownBy(() -> decode(hostile.toByteArray(), Limits.defaults()))
        .isInstanceOf(RejectedPictureException.class)
        .hasMessageContaining("scans visit each of its blocks");
  }

  @Test
  void aPictureThatTakesTooLongIsRefusedInEveryFormat() throws IOException {
    Limits hurried = Limits.defaults().withDecoding(Duration.ofNanos(1));
    Picture picture = noise(600, 400);
    for (byte[] file :
        new byte[][] {
          JpegEncoder.encode(picture, 90),
          progressive(600),
          PngEncoder.encode(picture),
          gif(600),
          WebpEncoder.lossless(picture),
          WebpEncoder.lossy(picture, 90)
        }) {
      assertThat(decode(file, Limits.defaults()).picture().width()).isEqualTo(600);
      assertThatThrownBy(() -> decode(file, hurried))
          .isInstanceOf(RejectedPictureException.class)
          .hasMessage("decoding it takes more than the limit of 0.0 seconds of processor time");
    }
  }

  private static byte[] gif(int size) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY), "gif", bytes);
    return bytes.toByteArray();
  }

  private static byte[] progressive(int size) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      BufferedImage grey = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY);
      writer.write(null, new IIOImage(grey, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** A PNG with the same chunk again and again after its header. */
  private static byte[] withChunks(byte[] chunk, int count) {
    byte[] png = PngEncoder.encode(NOISE);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(png, 0, 33);
    for (int i = 0; i < count; i++) {
      file.writeBytes(chunk);
    }
    file.write(png, 33, png.length - 33);
    return file.toByteArray();
  }

  private static List<byte[]> files() {
    return List.of(
        JpegEncoder.encode(NOISE, 75), PngEncoder.encode(NOISE), WebpEncoder.lossless(NOISE));
  }

  private static Decoded decode(byte[] file, Limits limits) throws RejectedPictureException {
    return PictureDecoder.decode(file, limits, ColourPolicy.SRGB);
  }

  private static byte[] animatedPng(int frames) {
    byte[] png = PngEncoder.encode(NOISE);
    byte[] chunk = new byte[20];
    chunk[3] = 8;
    System.arraycopy("acTL".getBytes(StandardCharsets.ISO_8859_1), 0, chunk, 4, 4);
    chunk[11] = (byte) frames;
    CRC32 crc = new CRC32();
    crc.update(chunk, 4, 12);
    for (int i = 0; i < 4; i++) {
      chunk[16 + i] = (byte) (crc.getValue() >> (24 - 8 * i));
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(png, 0, 33);
    file.writeBytes(chunk);
    file.write(png, 33, png.length - 33);
    return file.toByteArray();
  }

  private static byte[] animatedWebp(int frames) {
    byte[] still = WebpEncoder.lossless(NOISE);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(new byte[] {0, 0, 0, 0, 0, 0, 59, 0, 0, 44, 0, 0, 10, 0, 0, 0});
    frame.write(still, 12, still.length - 12);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("WEBP".getBytes(StandardCharsets.ISO_8859_1));
    chunk(body, "VP8X", new byte[] {2, 0, 0, 0, 59, 0, 0, 44, 0, 0});
    chunk(body, "ANIM", new byte[6]);
    for (int i = 0; i < frames; i++) {
      chunk(body, "ANMF", frame.toByteArray());
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    chunk(file, "RIFF", body.toByteArray());
    return file.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    out.writeBytes(type.getBytes(StandardCharsets.ISO_8859_1));
    for (int i = 0; i < 4; i++) {
      out.write(data.length >> (8 * i));
    }
    out.writeBytes(data);
    if (data.length % 2 == 1) {
      out.write(0);
    }
  }

  private static Picture noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(7).nextBytes(rgb);
    return Picture.rgb(width, height, rgb);
  }
}
