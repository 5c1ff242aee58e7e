package dev.fovea.pictures.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.pictures.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.NodeList;

/** The JDK's writer is libjpeg: the same tables and the same samples give the same bits. */
class JpegAgainstLibjpegTest {
  private static final String METADATA = "javax_imageio_jpeg_image_1.0";

  @ParameterizedTest
  @CsvSource({
    "64, 48, 50",
    "64, 48, 75",
    "61, 47, 50",
    "1, 1, 75",
    "17, 33, 75",
    "9, 8, 60",
    "24, 40, 75",
    "40, 24, 95",
    "33, 17, 95",
    "100, 3, 25",
    "3, 100, 25",
    "23, 15, 100"
  })
  void theDataIsLibjpegs(int width, int height, int quality) throws IOException {
    for (SamplePictures.Kind kind :
        new SamplePictures.Kind[] {SamplePictures.Kind.RGB, SamplePictures.Kind.GREY}) {
      for (int seed = 0; seed < 6; seed++) {
        Picture picture = SamplePictures.random(width, height, kind, new Random(seed));
        byte[] ours = new Encoding.Jpeg(quality).encode(picture);
        byte[] theirs = byTheJdk(picture, quality);
        assertThat(tables(ours)).as("quantisation").isEqualTo(tables(theirs));
        assertThat(scan(ours)).as("%s %d", kind, seed).isEqualTo(scan(theirs));
      }
    }
  }

  private static byte[] scan(byte[] jpeg) {
    return Arrays.copyOfRange(jpeg, find(jpeg, 0xDA), jpeg.length);
  }

  private static byte[] tables(byte[] jpeg) {
    int at = find(jpeg, 0xDB);
    return Arrays.copyOfRange(jpeg, at, at + 69);
  }

  private static int find(byte[] jpeg, int marker) {
    int at = 2;
    while ((jpeg[at + 1] & 0xFF) != marker) {
      at += 2 + ((jpeg[at + 2] & 0xFF) << 8) + (jpeg[at + 3] & 0xFF);
    }
    return at;
  }

  private static byte[] byTheJdk(Picture picture, int quality) throws IOException {
    BufferedImage image =
        new BufferedImage(
            picture.width(),
            picture.height(),
            picture.grey() ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      int x = i % picture.width();
      int y = i / picture.width();
      for (int c = 0; c < picture.channels(); c++) {
        image.getRaster().setSample(x, y, c, picture.samples().at(i * picture.channels() + c));
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality / 100f);
      IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), param);
      if (quality >= 90 && !picture.grey()) {
        keepChroma(metadata);
      }
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, metadata), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static void keepChroma(IIOMetadata metadata) throws IOException {
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(METADATA);
    NodeList components = root.getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      IIOMetadataNode component = (IIOMetadataNode) components.item(i);
      component.setAttribute("HsamplingFactor", "1");
      component.setAttribute("VsamplingFactor", "1");
    }
    metadata.setFromTree(METADATA, root);
  }
}
