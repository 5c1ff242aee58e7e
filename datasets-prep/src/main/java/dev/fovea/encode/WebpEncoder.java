package dev.fovea.encode;

import dev.fovea.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes WebP of 8 bits with alpha, colour profile and EXIF block. Lossless is plain Java; lossy
 * goes through libwebp, which is there for Linux and macOS on x86-64. Safe for use by several
 * threads.
 */
public final class WebpEncoder {
  /** The largest side of a WebP picture. */
  public static final int MAX_SIDE = 16383;

  private static final int ICC_FLAG = 0x20;
  private static final int ALPHA_FLAG = 0x10;
  private static final int EXIF_FLAG = 0x08;
  private static final int HEAD = 12;

  private WebpEncoder() {}

  /**
   * The bytes of a complete lossless file; decoding it gives the same samples, 16 bits rounded to 8
   * and grey as RGB.
   *
   * @throws IllegalArgumentException if a side is longer than {@link #MAX_SIDE}
   */
  public static byte[] lossless(Picture picture) {
    checkSize(picture);
    byte[] chunk =
        Vp8lEncoder.encode(
            Flattening.argb(picture),
            picture.width(),
            picture.height(),
            picture.alpha().isPresent());
    return file(picture, chunks("VP8L", chunk));
  }

  /**
   * The bytes of a complete lossy file.
   *
   * @param quality libwebp's, 0 to 100
   * @throws IllegalArgumentException if a side is longer than {@link #MAX_SIDE}
   * @throws UnsupportedOperationException on a platform without libwebp
   */
  public static byte[] lossy(Picture picture, int quality) {
    checkSize(picture);
    if (quality < 0 || quality > 100) {
      throw new IllegalArgumentException("WEBP quality %d is not 0 to 100".formatted(quality));
    }
    try {
      byte[] riff = libwebp(image(picture), quality);
      return file(picture, Arrays.copyOfRange(riff, HEAD, riff.length));
    } catch (UnsatisfiedLinkError e) {
      throw new UnsupportedOperationException(
          "lossy WEBP cannot be written on %s %s; lossless can"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("writing WEBP to memory failed", e);
    }
  }

  private static void checkSize(Picture picture) {
    if (picture.width() > MAX_SIDE || picture.height() > MAX_SIDE) {
      throw new IllegalArgumentException(
          "a picture of %dx%d does not fit into WEBP, which allows sides of %d"
              .formatted(picture.width(), picture.height(), MAX_SIDE));
    }
  }

  private static BufferedImage image(Picture picture) {
    int type =
        picture.alpha().isPresent() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(picture.width(), picture.height(), type);
    image
        .getRaster()
        .setDataElements(0, 0, picture.width(), picture.height(), Flattening.argb(picture));
    return image;
  }

  private static byte[] libwebp(BufferedImage image, int quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByMIMEType("image/webp").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionType("Lossy");
      param.setCompressionQuality(quality / 100f);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Puts the picture's chunks between its metadata, in the extended format where there is any. */
  private static byte[] file(Picture picture, byte[] pictureChunks) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(ascii("WEBP"));
    boolean extended =
        picture.icc().isPresent() || picture.exif().isPresent() || starts(pictureChunks, "VP8X");
    if (extended) {
      int flags =
          (picture.icc().isPresent() ? ICC_FLAG : 0)
              | (picture.exif().isPresent() ? EXIF_FLAG : 0)
              | (picture.alpha().isPresent() ? ALPHA_FLAG : 0);
      body.writeBytes(chunks("VP8X", canvas(picture, flags)));
    }
    picture.icc().ifPresent(profile -> body.writeBytes(chunks("ICCP", profile)));
    body.writeBytes(
        starts(pictureChunks, "VP8X")
            ? Arrays.copyOfRange(pictureChunks, 18, pictureChunks.length)
            : pictureChunks);
    picture.exif().ifPresent(block -> body.writeBytes(chunks("EXIF", block)));
    return chunks("RIFF", body.toByteArray());
  }

  private static byte[] canvas(Picture picture, int flags) {
    byte[] canvas = new byte[10];
    canvas[0] = (byte) flags;
    for (int i = 0; i < 3; i++) {
      canvas[4 + i] = (byte) ((picture.width() - 1) >> (8 * i));
      canvas[7 + i] = (byte) ((picture.height() - 1) >> (8 * i));
    }
    return canvas;
  }

  private static boolean starts(byte[] chunks, String type) {
    return Arrays.equals(chunks, 0, 4, ascii(type), 0, 4);
  }

  private static byte[] chunks(String type, byte[] data) {
    byte[] chunk = new byte[8 + data.length + (data.length & 1)];
    System.arraycopy(ascii(type), 0, chunk, 0, 4);
    for (int i = 0; i < 4; i++) {
      chunk[4 + i] = (byte) (data.length >> (8 * i));
    }
    System.arraycopy(data, 0, chunk, 8, data.length);
    return chunk;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
