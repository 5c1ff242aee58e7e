package dev.fovea.pictures.decode;

import java.util.Arrays;

/**
 * Turns rows of units into the samples of a region as they become complete: upsampling and the
 * conversion of YCbCr to RGB (BT.601, full range, libjpeg's integers).
 */
final class JpegOutput {
  /** How the file's colours are to be read. */
  enum Colour {
    GREY,
    RGB,
    YCC,
    /** Four colours, 255 being no ink. */
    CMYK_INVERTED,
    CMYK,
    /** YCbCr of the inverted inks and inverted black. */
    YCCK
  }

  /** Red of Cr, green of Cb and of Cr (16 bits of fraction), blue of Cb. */
  private static final int[] CR_RED = new int[256];

  private static final int[] CB_GREEN = new int[256];
  private static final int[] CR_GREEN = new int[256];
  private static final int[] CB_BLUE = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int x = i - 128;
      CR_RED[i] = ((91881 * x + 32768) >> 16);
      CB_BLUE[i] = ((116130 * x + 32768) >> 16);
      CR_GREEN[i] = -46802 * x;
      CB_GREEN[i] = -22554 * x + 32768;
    }
  }

  private final JpegFrame frame;
  private final Region region;
  private final Colour colour;
  private final JpegScale scale;
  private final JpegPlane[] planes;
  private final byte[] pixels;
  private int nextRow;

  JpegOutput(JpegFrame frame, Region region, Colour colour, JpegScale scale) {
    this.scale = scale;
    this.frame = frame;
    this.region = region;
    this.colour = colour;
    int count = frame.components.length;
    planes = new JpegPlane[count];
    for (int i = 0; i < count; i++) {
      planes[i] = new JpegPlane(frame.components[i], frame, region, scale);
    }
    pixels =
        new byte[Math.multiplyExact(Math.multiplyExact(region.width(), region.height()), count)];
    nextRow = region.y();
  }

  JpegPlane plane(int component) {
    return planes[component];
  }

  /** Interleaved samples: grey, RGB, or CMYK with 255 as full ink. */
  byte[] pixels() {
    return pixels;
  }

  /** Whether all rows of the region are there. */
  boolean complete() {
    return nextRow == region.bottom();
  }

  /** Whether no row is there yet. */
  boolean empty() {
    return nextRow == region.y();
  }

  /** Makes the rows that are not there grey. */
  void fill() {
    int from = (nextRow - region.y()) * region.width() * planes.length;
    Arrays.fill(pixels, from, pixels.length, (byte) 128);
    nextRow = region.bottom();
  }

  /** Emits the rows that a finished row of units allows. */
  void unitsDone(int unitRow) {
    int end = (unitRow + 1) * scale.blockSize() * frame.vMax;
    if (unitRow + 1 == frame.unitsHigh) {
      end = scale.of(frame.height);
    } else if (frame.vMax > 1) {
      end -= frame.vMax; // Interpolation looks at the next row of samples.
    }
    end = Math.min(end, region.bottom());
    for (; nextRow < end; nextRow++) {
      emit(nextRow);
    }
  }

  private void emit(int y) {
    int width = region.width();
    int to = (y - region.y()) * width * planes.length;
    byte[] a = planes[0].row(y, region);
    int ai = planes[0].rowStart(y, region);
    if (colour == Colour.GREY) {
      System.arraycopy(a, ai, pixels, to, width);
      return;
    }
    byte[] b = planes[1].row(y, region);
    int bi = planes[1].rowStart(y, region);
    byte[] c = planes[2].row(y, region);
    int ci = planes[2].rowStart(y, region);
    switch (colour) {
      case RGB -> {
        for (int x = 0; x < width; x++, to += 3) {
          pixels[to] = a[ai + x];
          pixels[to + 1] = b[bi + x];
          pixels[to + 2] = c[ci + x];
        }
      }
      case YCC -> emitYcc(a, ai, b, bi, c, ci, pixels, to, width);
      default -> {
        if (colour == Colour.YCCK) {
          emitYcck(a, ai, b, bi, c, ci, pixels, to, width);
        } else {
          for (int x = 0, at = to; x < width; x++, at += 4) {
            pixels[at] = a[ai + x];
            pixels[at + 1] = b[bi + x];
            pixels[at + 2] = c[ci + x];
          }
        }
        byte[] d = planes[3].row(y, region);
        int di = planes[3].rowStart(y, region);
        for (int x = 0; x < width; x++) {
          pixels[to + 4 * x + 3] = d[di + x];
        }
        if (colour == Colour.CMYK_INVERTED) {
          for (int i = to; i < to + 4 * width; i++) {
            pixels[i] = (byte) ~pixels[i];
          }
        } else if (colour == Colour.YCCK) {
          // RGB of the formula is 255 - ink as stored, and what is stored is 255 - ink again.
          for (int x = 0; x < width; x++) {
            pixels[to + 4 * x + 3] = (byte) ~pixels[to + 4 * x + 3];
          }
        }
      }
    }
  }

  private static void emitYcc(
      byte[] y, int yi, byte[] cb, int cbi, byte[] cr, int cri, byte[] out, int to, int width) {
    for (int x = 0; x < width; x++) {
      int luma = y[yi + x] & 0xFF;
      int blue = cb[cbi + x] & 0xFF;
      int red = cr[cri + x] & 0xFF;
      out[to + 3 * x] = clamp(luma + CR_RED[red]);
      out[to + 3 * x + 1] = clamp(luma + ((CB_GREEN[blue] + CR_GREEN[red]) >> 16));
      out[to + 3 * x + 2] = clamp(luma + CB_BLUE[blue]);
    }
  }

  /** The same four bytes apart, black left out. */
  private static void emitYcck(
      byte[] y, int yi, byte[] cb, int cbi, byte[] cr, int cri, byte[] out, int to, int width) {
    for (int x = 0; x < width; x++) {
      int luma = y[yi + x] & 0xFF;
      int blue = cb[cbi + x] & 0xFF;
      int red = cr[cri + x] & 0xFF;
      out[to + 4 * x] = clamp(luma + CR_RED[red]);
      out[to + 4 * x + 1] = clamp(luma + ((CB_GREEN[blue] + CR_GREEN[red]) >> 16));
      out[to + 4 * x + 2] = clamp(luma + CB_BLUE[blue]);
    }
  }

  private static byte clamp(int value) {
    // Seldom out of range, so a predicted branch beats a table.
    return (byte) ((value & ~0xFF) == 0 ? value : ~(value >> 31));
  }
}
