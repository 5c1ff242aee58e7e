package dev.fovea.pictures.encode;

import dev.fovea.pictures.picture.Picture;

/** Prepares pictures for formats of 8 bits, with or without alpha. */
final class Flattening {
  private Flattening() {}

  /** Interleaved 8-bit samples without alpha; where the picture has alpha, it is laid on white. */
  static byte[] onWhite(Picture picture) {
    Picture eight = picture.toEightBit();
    byte[] samples = eight.samples().toBytes().values();
    if (eight.alpha().isEmpty()) {
      return samples;
    }
    byte[] alpha = eight.alpha().get().toBytes().values();
    int channels = eight.channels();
    byte[] flat = new byte[samples.length];
    for (int i = 0; i < flat.length; i++) {
      int a = alpha[i / channels] & 0xFF;
      flat[i] = (byte) (((samples[i] & 0xFF) * a + 255 * (255 - a) + 127) / 255);
    }
    return flat;
  }

  /** Puts pixels as alpha, red, green, blue from the highest byte down. */
  static void argb(Picture picture, int[] argb, int offset) {
    Picture eight = picture.toEightBit();
    byte[] samples = eight.samples().toBytes().values();
    byte[] alpha = eight.alpha().map(plane -> plane.toBytes().values()).orElse(null);
    int pixels = eight.width() * eight.height();
    for (int i = 0; i < pixels; i++) {
      int from = eight.grey() ? i : 3 * i;
      int step = eight.grey() ? 0 : 1;
      int red = samples[from] & 0xFF;
      int green = samples[from + step] & 0xFF;
      int blue = samples[from + 2 * step] & 0xFF;
      int opacity = alpha == null ? 255 : alpha[i] & 0xFF;
      argb[offset + i] = (opacity << 24) | (red << 16) | (green << 8) | blue;
    }
  }
}
