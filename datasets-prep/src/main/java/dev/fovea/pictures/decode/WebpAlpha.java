package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;
import java.util.Arrays;

/** The alpha chunk beside a lossy WebP picture. */
final class WebpAlpha {
  private WebpAlpha() {}

  /** One sample a pixel. */
  static byte[] decode(
      byte[] file, WebpContainer.Chunk chunk, int width, int height, Deadline deadline)
      throws RejectedPictureException {
    if (chunk.length() < 1) {
      throw new RejectedPictureException("WEBP with an empty alpha chunk");
    }
    int head = Bytes.u8(file, chunk.start());
    int pixels = Math.multiplyExact(width, height);
    byte[] alpha;
    switch (head & 3) {
      case 0 -> {
        if (chunk.length() - 1 < pixels) {
          throw new RejectedPictureException("WEBP alpha ends before the last pixel");
        }
        alpha = Arrays.copyOfRange(file, chunk.start() + 1, chunk.start() + 1 + pixels);
      }
      case 1 -> {
        int[] argb =
            Vp8lDecoder.decodeHeaderless(
                file, chunk.start() + 1, chunk.length() - 1, width, height, deadline);
        alpha = new byte[pixels];
        for (int i = 0; i < pixels; i++) {
          alpha[i] = (byte) (argb[i] >> 8);
        }
      }
      default ->
          throw new RejectedPictureException(
              "WEBP alpha with the unknown compression %d".formatted(head & 3));
    }
    unfilter((head >> 2) & 3, alpha, width, height);
    return alpha;
  }

  private static void unfilter(int filter, byte[] a, int width, int height) {
    if (filter == 0) {
      return;
    }
    for (int x = 1; x < width; x++) {
      a[x] += a[x - 1];
    }
    for (int y = 1; y < height; y++) {
      int row = y * width;
      int up = row - width;
      switch (filter) {
        case 1 -> {
          a[row] += a[up];
          for (int x = 1; x < width; x++) {
            a[row + x] += a[row + x - 1];
          }
        }
        case 2 -> {
          for (int x = 0; x < width; x++) {
            a[row + x] += a[up + x];
          }
        }
        default -> {
          a[row] += a[up];
          for (int x = 1; x < width; x++) {
            int gradient = (a[row + x - 1] & 0xFF) + (a[up + x] & 0xFF) - (a[up + x - 1] & 0xFF);
            a[row + x] += (byte) Math.max(0, Math.min(255, gradient));
          }
        }
      }
    }
  }
}
