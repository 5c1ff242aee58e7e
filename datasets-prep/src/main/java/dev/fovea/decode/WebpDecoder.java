package dev.fovea.decode;

import dev.fovea.picture.Limits;
import dev.fovea.picture.Picture;
import dev.fovea.picture.RejectedPictureException;
import dev.fovea.picture.Samples;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageIO;

final class WebpDecoder {
  private WebpDecoder() {}

  static Stored decode(byte[] bytes, Limits limits) throws RejectedPictureException {
    WebpContainer container = WebpContainer.parse(bytes, limits);
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      int[] argb =
          image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
      byte[] rgb = new byte[3 * argb.length];
      for (int i = 0; i < argb.length; i++) {
        rgb[3 * i] = (byte) (argb[i] >> 16);
        rgb[3 * i + 1] = (byte) (argb[i] >> 8);
        rgb[3 * i + 2] = (byte) argb[i];
      }
      return new Stored(
          new Picture(
              image.getWidth(),
              image.getHeight(),
              false,
              new Samples.Bytes(rgb),
              Optional.empty(),
              container.icc(),
              container.exif()),
          container.notes());
    } catch (IOException | RuntimeException e) {
      throw new RejectedPictureException("WEBP is damaged: " + e.getMessage(), e);
    }
  }
}
