package dev.fovea.encode;

import dev.fovea.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.w3c.dom.NodeList;

/**
 * Writes JPEG of 8 bits, grey or RGB, with colour profile and EXIF block, through the JDK's
 * libjpeg. Pictures with alpha are laid on white. Safe for use by several threads.
 */
public final class JpegEncoder {
  /** From here on chroma keeps its full resolution, where halving it would show first. */
  private static final int FULL_CHROMA_QUALITY = 90;

  private static final int MAX_SEGMENT = 65533;
  private static final String METADATA = "javax_imageio_jpeg_image_1.0";

  private JpegEncoder() {}

  /**
   * The bytes of a complete file.
   *
   * @param quality libjpeg's, 1 to 100; chroma is halved both ways below 90
   */
  public static byte[] encode(Picture picture, int quality) {
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("JPEG quality %d is not 1 to 100".formatted(quality));
    }
    try {
      return withMetadata(compressed(image(picture), quality), picture);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JPEG to memory failed", e);
    }
  }

  private static BufferedImage image(Picture picture) {
    byte[] samples = Flattening.onWhite(picture);
    int type = picture.grey() ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(picture.width(), picture.height(), type);
    if (picture.grey()) {
      image.getRaster().setDataElements(0, 0, picture.width(), picture.height(), samples);
      return image;
    }
    int[] row = new int[picture.width()];
    int from = 0;
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < row.length; x++, from += 3) {
        row[x] =
            ((samples[from] & 0xFF) << 16)
                | ((samples[from + 1] & 0xFF) << 8)
                | (samples[from + 2] & 0xFF);
      }
      image.getRaster().setDataElements(0, y, row.length, 1, row);
    }
    return image;
  }

  private static byte[] compressed(BufferedImage image, int quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      // ImageIO's 0 to 1 is libjpeg's 0 to 100 by way of the scaling of the tables.
      param.setCompressionQuality(quality / 100f);
      IIOMetadata metadata = null;
      if (quality >= FULL_CHROMA_QUALITY && image.getType() != BufferedImage.TYPE_BYTE_GRAY) {
        metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), param);
        keepChroma(metadata);
      }
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, metadata), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static void keepChroma(IIOMetadata metadata) throws IIOInvalidTreeException {
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(METADATA);
    NodeList components = root.getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      IIOMetadataNode component = (IIOMetadataNode) components.item(i);
      component.setAttribute("HsamplingFactor", "1");
      component.setAttribute("VsamplingFactor", "1");
    }
    metadata.setFromTree(METADATA, root);
  }

  /** Puts EXIF block and profile between the start and the segments that are there. */
  private static byte[] withMetadata(byte[] jpeg, Picture picture) {
    if (picture.icc().isEmpty() && picture.exif().isEmpty()) {
      return jpeg;
    }
    // EXIF wants to be first, JFIF as well; readers look for EXIF anywhere before the frame.
    int afterJfif = jpeg[3] == (byte) 0xE0 ? 4 + length(jpeg, 4) : 2;
    ByteArrayOutputStream file = new ByteArrayOutputStream(jpeg.length + 4096);
    file.write(jpeg, 0, afterJfif);
    picture.exif().ifPresent(block -> exif(file, block));
    picture.icc().ifPresent(profile -> icc(file, profile));
    file.write(jpeg, afterJfif, jpeg.length - afterJfif);
    return file.toByteArray();
  }

  private static int length(byte[] jpeg, int at) {
    return ((jpeg[at] & 0xFF) << 8) | (jpeg[at + 1] & 0xFF);
  }

  private static void exif(ByteArrayOutputStream file, byte[] block) {
    if (block.length + 6 > MAX_SEGMENT) {
      throw new IllegalArgumentException(
          "an EXIF block of %d bytes does not fit into JPEG, which allows %d"
              .formatted(block.length, MAX_SEGMENT - 6));
    }
    segment(file, 0xE1, "Exif\0\0", block, 0, block.length);
  }

  private static void icc(ByteArrayOutputStream file, byte[] profile) {
    int piece = MAX_SEGMENT - 14;
    int pieces = (profile.length + piece - 1) / piece;
    if (pieces > 255) {
      throw new IllegalArgumentException(
          "a colour profile of %d bytes does not fit into JPEG, which allows %d"
              .formatted(profile.length, 255 * piece));
    }
    for (int i = 0; i < pieces; i++) {
      String head = "ICC_PROFILE\0" + (char) (i + 1) + (char) pieces;
      int from = i * piece;
      segment(file, 0xE2, head, profile, from, Math.min(piece, profile.length - from));
    }
  }

  private static void segment(
      ByteArrayOutputStream file, int marker, String head, byte[] body, int from, int count) {
    byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
    int length = 2 + headBytes.length + count;
    file.write(0xFF);
    file.write(marker);
    file.write(length >> 8);
    file.write(length);
    file.writeBytes(headBytes);
    file.write(body, from, count);
  }
}
