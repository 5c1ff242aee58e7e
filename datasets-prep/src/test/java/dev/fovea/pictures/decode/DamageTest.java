package dev.fovea.pictures.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.encode.Encoding;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Damage;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;

class DamageTest {
  private static final int WIDTH = 96;
  private static final int HEIGHT = 64;

  @Test
  void aJpegWithoutItsEndMarkerIsWhole() throws IOException {
    byte[] file = new Encoding.Jpeg(90).encode(scene());
    byte[] cut = Arrays.copyOf(file, file.length - 2);

    rejected(cut);
    Decoded found = repaired(cut);
    assertThat(samples(found)).isEqualTo(samples(repaired(file)));
    assertThat(found.notes())
        .containsExactly("JPEG ends at byte %d, before its end marker".formatted(cut.length));
  }

  @Test
  void ofAJpegThatIsCutOffTheRestIsGrey() throws IOException {
    byte[] file = new Encoding.Jpeg(90).encode(scene());
    byte[] cut = Arrays.copyOf(file, file.length * 3 / 5);

    rejected(cut);
    Decoded found = repaired(cut);

    byte[] whole = samples(repaired(file));
    byte[] part = samples(found);
    int upper = 3 * WIDTH * HEIGHT / 4;
    assertThat(Arrays.copyOf(part, upper)).isEqualTo(Arrays.copyOf(whole, upper));
    assertThat(part[part.length - 1]).isEqualTo((byte) 128);
    assertThat(found.notes()).last().isEqualTo("what is missing of the picture is grey");
    assertThatThrownBy(() -> repaired(Arrays.copyOf(file, file.length / 30)))
        .isInstanceOf(RejectedPictureException.class);
  }

  @Test
  void ofAProgressiveJpegThatIsCutOffWhatCameIsShown() throws IOException {
    byte[] file = progressive();
    byte[] cut = Arrays.copyOf(file, file.length / 2);

    rejected(cut);
    Decoded found = repaired(cut);

    byte[] whole = samples(repaired(file));
    byte[] part = samples(found);
    long difference = 0;
    for (int i = 0; i < whole.length; i++) {
      difference += Math.abs((whole[i] & 0xFF) - (part[i] & 0xFF));
    }
    assertThat(difference / (double) whole.length).isBetween(0.5, 40.0);
    assertThat(found.notes()).isNotEmpty();
  }

  @Test
  void ofAPngThatIsCutOffTheRowsThatCameAreShown() throws IOException {
    byte[] file = PngEncoder.encode(scene());
    byte[] withoutEnd = Arrays.copyOf(file, file.length - 12);
    byte[] half = Arrays.copyOf(file, file.length / 2);

    rejected(withoutEnd);
    rejected(half);
    assertThat(samples(repaired(withoutEnd))).isEqualTo(samples(repaired(file)));
    Decoded part = repaired(half);
    int upper = 3 * WIDTH * HEIGHT / 4;
    assertThat(Arrays.copyOf(samples(part), upper))
        .isEqualTo(Arrays.copyOf(samples(repaired(file)), upper));
    assertThat(part.notes())
        .containsExactly(
            "PNG ends at byte %d, before its IEND chunk".formatted(half.length),
            "PNG data ends before the last row");
  }

  @Test
  void aPngWithAWrongChecksumIsWhole() throws IOException {
    byte[] file = PngEncoder.encode(scene());
    byte[] wrong = file.clone();
    int data = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("IDAT");
    int length = Bytes.big32(file, data - 4);
    wrong[data + 4 + length] ^= 1;

    rejected(wrong);
    Decoded found = repaired(wrong);
    assertThat(samples(found)).isEqualTo(samples(repaired(file)));
    assertThat(found.notes())
        .singleElement()
        .asString()
        .startsWith("PNG chunk IDAT at byte ")
        .endsWith(" has a wrong CRC");
  }

  @Test
  void aGifFrameBeyondItsCanvasEnlargesIt() throws IOException {
    byte[] file = gif();
    byte[] wide = file.clone();
    wide[6] = WIDTH - 6; // The canvas, which ImageIO makes as large as the frame.
    wide[8] = HEIGHT + 10;

    rejected(wide);
    Picture whole = repaired(file).picture();
    Picture found = repaired(wide).picture();
    assertThat(found.width()).isEqualTo(WIDTH);
    assertThat(found.height()).isEqualTo(HEIGHT + 10);
    assertThat(found.crop(0, 0, WIDTH, HEIGHT).samples().toBytes().values())
        .isEqualTo(whole.samples().toBytes().values());

    byte[] half = Arrays.copyOf(file, 800 + (file.length - 800) / 2);
    rejected(half);
    Decoded part = repaired(half);
    assertThat(part.picture().alpha()).isPresent();
    assertThat(part.notes()).contains("GIF ends inside its first frame");
  }

  @Test
  void whateverIsLeftOfAFileNothingElseIsThrown() throws IOException {
    Random random = new Random(1);
    for (byte[] file :
        new byte[][] {
          new Encoding.Jpeg(90).encode(scene()),
          progressive(),
          PngEncoder.encode(scene()),
          gif(),
          new Encoding.WebpLossless().encode(scene()),
        }) {
      for (int i = 0; i < 300; i++) {
        byte[] damaged = Arrays.copyOf(file, 1 + random.nextInt(file.length));
        for (int change = random.nextInt(3); change > 0; change--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
          assertThat(repaired(damaged).picture().width()).isPositive();
        } catch (RejectedPictureException e) {
          assertThat(e).hasMessageNotContaining("unforeseen");
        }
      }
    }
  }

  private static void rejected(byte[] file) {
    assertThatThrownBy(
            () -> PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.KEEP, Damage.REJECT))
        .isInstanceOf(RejectedPictureException.class);
  }

  private static Decoded repaired(byte[] file) throws RejectedPictureException {
    Limits limits = Limits.defaults().withPixels(1_000_000);
    return PictureDecoder.decode(file, limits, ColourPolicy.KEEP, Damage.REPAIR);
  }

  private static byte[] samples(Decoded decoded) {
    return decoded.picture().samples().toBytes().values();
  }

  private static Picture scene() {
    byte[] samples = new byte[3 * WIDTH * HEIGHT];
    new Random(7).nextBytes(samples);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i / 90 + (samples[i] & 31));
    }
    return Picture.rgb(WIDTH, HEIGHT, samples);
  }

  private static BufferedImage image() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Picture scene = scene();
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int rgb =
          scene.samples().at(3 * i) << 16
              | scene.samples().at(3 * i + 1) << 8
              | scene.samples().at(3 * i + 2);
      image.setRGB(i % WIDTH, i / WIDTH, rgb);
    }
    return image;
  }

  private static byte[] gif() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image(), "gif", bytes);
    return bytes.toByteArray();
  }

  private static byte[] progressive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image(), null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
