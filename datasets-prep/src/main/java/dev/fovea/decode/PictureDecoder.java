package dev.fovea.decode;

import dev.fovea.picture.ColourPolicy;
import dev.fovea.picture.Limits;
import dev.fovea.picture.Picture;
import dev.fovea.picture.PictureFormat;
import dev.fovea.picture.RejectedPictureException;
import dev.fovea.picture.Samples;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Decodes JPEG, PNG, GIF and WEBP by content. Stateless and safe for use by several threads. */
public final class PictureDecoder {
  static {
    ImageIO.setUseCache(false);
  }

  private PictureDecoder() {}

  /**
   * Decodes the first picture of a file and turns it upright.
   *
   * @throws RejectedPictureException if the file is damaged, of another format, or beyond a limit
   */
  public static Decoded decode(byte[] bytes, Limits limits, ColourPolicy policy)
      throws RejectedPictureException {
    if (bytes.length > limits.bytes()) {
      throw new RejectedPictureException(
          "%d bytes are more than the limit of %d".formatted(bytes.length, limits.bytes()));
    }
    PictureHeader header = PictureHeader.read(bytes);
    if (header.pixels() > limits.pixels()) {
      throw new RejectedPictureException(
          "%s declares %dx%d = %d pixels, more than the limit of %d"
              .formatted(
                  header.format(),
                  header.width(),
                  header.height(),
                  header.pixels(),
                  limits.pixels()));
    }
    Stored stored =
        header.format() == PictureFormat.PNG
            ? PngDecoder.decode(bytes, limits)
            : new Stored(read(bytes, header), List.of());
    Orientation orientation =
        stored.picture().exif().map(Exif::orientation).orElseGet(() -> orientation(bytes, header));
    return new Decoded(orientation.apply(stored.picture()), header.format(), stored.notes());
  }

  private static Orientation orientation(byte[] bytes, PictureHeader header) {
    int at = 2;
    while (header.format() == PictureFormat.JPEG && at + 10 <= bytes.length) {
      int length = ((bytes[at + 2] & 0xFF) << 8) | (bytes[at + 3] & 0xFF);
      if ((bytes[at + 1] & 0xFF) == 0xE1 && Bytes.startsWith(bytes, at + 4, "Exif\0\0")) {
        int end = Math.min(bytes.length, at + 2 + length);
        return Exif.orientation(java.util.Arrays.copyOfRange(bytes, at + 10, end));
      }
      if ((bytes[at] & 0xFF) != 0xFF || (bytes[at + 1] & 0xFF) == 0xDA) {
        break;
      }
      at += 2 + length;
    }
    return Orientation.UPRIGHT;
  }

  private static Picture read(byte[] bytes, PictureHeader header) throws RejectedPictureException {
    String name = header.format().name().toLowerCase(Locale.ROOT);
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(name);
    if (!readers.hasNext()) {
      throw new RejectedPictureException("no reader for " + header.format());
    }
    ImageReader reader = readers.next();
    try (ImageInputStream stream =
        ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(stream, true, true);
      return picture(reader.read(0));
    } catch (IOException | RuntimeException e) {
      throw new RejectedPictureException(
          "%s is damaged: %s".formatted(header.format(), e.getMessage()), e);
    } finally {
      reader.dispose();
    }
  }

  private static Picture picture(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] argb = image.getRGB(0, 0, width, height, null, 0, width);
    byte[] rgb = new byte[3 * argb.length];
    byte[] alpha = new byte[argb.length];
    for (int i = 0; i < argb.length; i++) {
      rgb[3 * i] = (byte) (argb[i] >> 16);
      rgb[3 * i + 1] = (byte) (argb[i] >> 8);
      rgb[3 * i + 2] = (byte) argb[i];
      alpha[i] = (byte) (argb[i] >>> 24);
    }
    Optional<Samples> plane =
        image.getColorModel().hasAlpha() ? Optional.of(new Samples.Bytes(alpha)) : Optional.empty();
    return new Picture(
        width, height, false, new Samples.Bytes(rgb), plane, Optional.empty(), Optional.empty());
  }
}
