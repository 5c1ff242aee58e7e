package dev.fovea.pictures.decode;

import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.RejectedPictureException;
import dev.fovea.pictures.picture.Samples;
import java.util.Optional;

/**
 * Decodes WebP (RFC 9649): lossy, lossless, alpha. Of an animation the first frame is put on the
 * canvas, the rest of which is transparent.
 */
final class WebpDecoder {
  private WebpDecoder() {}

  static Stored decode(
      byte[] file, WebpContainer container, PictureHeader canvas, Deadline deadline)
      throws RejectedPictureException {
    WebpContainer.Chunk chunk = container.picture();
    boolean lossless = chunk.type().equals("VP8L");
    int[] size =
        lossless
            ? Vp8lDecoder.size(file, chunk.start(), chunk.length())
            : Vp8Header.size(file, chunk.start(), chunk.length());
    checkPlace(container, canvas, size);
    Picture frame =
        lossless ? lossless(file, chunk, deadline) : lossy(file, container, chunk, size, deadline);
    if (size[0] != canvas.width() || size[1] != canvas.height()) {
      frame = onCanvas(frame, canvas, container.frameX(), container.frameY());
    }
    return new Stored(
        frame.withMetadata(container.metadata()),
        Math.max(1, container.frames()),
        container.notes());
  }

  private static void checkPlace(WebpContainer container, PictureHeader canvas, int[] size)
      throws RejectedPictureException {
    boolean still = !container.animated();
    boolean outside =
        size[0] < 1
            || size[1] < 1
            || container.frameX() > canvas.width() - size[0]
            || container.frameY() > canvas.height() - size[1];
    boolean partial = size[0] != canvas.width() || size[1] != canvas.height();
    if (outside || (still && partial)) {
      throw new RejectedPictureException(
          "WEBP picture of %dx%d at (%d,%d) does not fit its canvas of %dx%d"
              .formatted(
                  size[0],
                  size[1],
                  container.frameX(),
                  container.frameY(),
                  canvas.width(),
                  canvas.height()));
    }
  }

  private static Picture lossless(byte[] file, WebpContainer.Chunk chunk, Deadline deadline)
      throws RejectedPictureException {
    Vp8lDecoder.Pixels pixels = Vp8lDecoder.decode(file, chunk.start(), chunk.length(), deadline);
    int[] argb = pixels.argb();
    byte[] rgb = new byte[Math.multiplyExact(3, argb.length)];
    byte[] alpha = pixels.alphaUsed() ? new byte[argb.length] : null;
    for (int i = 0; i < argb.length; i++) {
      rgb[3 * i] = (byte) (argb[i] >> 16);
      rgb[3 * i + 1] = (byte) (argb[i] >> 8);
      rgb[3 * i + 2] = (byte) argb[i];
      if (alpha != null) {
        alpha[i] = (byte) (argb[i] >>> 24);
      }
    }
    return picture(pixels.width(), pixels.height(), rgb, alpha);
  }

  private static Picture lossy(
      byte[] file,
      WebpContainer container,
      WebpContainer.Chunk chunk,
      int[] size,
      Deadline deadline)
      throws RejectedPictureException {
    Vp8Frame frame = Vp8Decoder.decode(file, chunk.start(), chunk.length(), deadline);
    byte[] rgb = Vp8Decoder.toRgb(frame, size[0], size[1]);
    Optional<WebpContainer.Chunk> alphaChunk = container.alpha();
    byte[] alpha =
        alphaChunk.isPresent()
            ? WebpAlpha.decode(file, alphaChunk.get(), size[0], size[1], deadline)
            : null;
    return picture(size[0], size[1], rgb, alpha);
  }

  private static Picture picture(int width, int height, byte[] rgb, byte[] alpha) {
    return new Picture(
        width,
        height,
        false,
        new Samples.Bytes(rgb),
        Optional.ofNullable(alpha).map(Samples.Bytes::new),
        Metadata.NONE);
  }

  private static Picture onCanvas(Picture frame, PictureHeader canvas, int x, int y) {
    int width = canvas.width();
    int pixels = Math.multiplyExact(width, canvas.height());
    byte[] rgb = new byte[Math.multiplyExact(3, pixels)];
    byte[] alpha = new byte[pixels];
    byte[] from = frame.samples().toBytes().values();
    for (int row = 0; row < frame.height(); row++) {
      int to = (y + row) * width + x;
      System.arraycopy(from, 3 * row * frame.width(), rgb, 3 * to, 3 * frame.width());
      for (int i = 0; i < frame.width(); i++) {
        int pixel = row * frame.width() + i;
        alpha[to + i] = (byte) frame.alpha().map(plane -> plane.at(pixel)).orElse(255).intValue();
      }
    }
    return picture(width, canvas.height(), rgb, alpha);
  }
}
