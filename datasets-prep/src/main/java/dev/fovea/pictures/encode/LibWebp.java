package dev.fovea.pictures.encode;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferInt;
import java.awt.image.DirectColorModel;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** libwebp, for lossy compression. */
final class LibWebp {
  private LibWebp() {}

  private static final class Presence {
    static final boolean THERE = loads();

    private static boolean loads() {
      try {
        lossy(new int[1], 1, 1, false, 50);
        return true;
      } catch (LinkageError e) {
        return false;
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("writing WEBP to memory failed", e);
      }
    }
  }

  /** Whether there is a libwebp for this platform. */
  static boolean isThere() {
    return Presence.THERE;
  }

  /** The bytes of a complete file without metadata. */
  static byte[] lossy(int[] argb, int width, int height, boolean alpha, int quality)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByMIMEType("image/webp").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionType("Lossy");
      param.setCompressionQuality(quality / 100f);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image(argb, width, height, alpha), null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** An image on the array itself. */
  private static BufferedImage image(int[] argb, int width, int height, boolean alpha) {
    ColorModel colours =
        alpha ? ColorModel.getRGBdefault() : new DirectColorModel(24, 0xFF0000, 0xFF00, 0xFF);
    int[] masks =
        alpha ? new int[] {0xFF0000, 0xFF00, 0xFF, 0xFF000000} : new int[] {0xFF0000, 0xFF00, 0xFF};
    WritableRaster raster =
        Raster.createWritableRaster(
            new SinglePixelPackedSampleModel(DataBuffer.TYPE_INT, width, height, masks),
            new DataBufferInt(argb, argb.length),
            new Point(0, 0));
    return new BufferedImage(colours, raster, false, null);
  }
}
