package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;

/** The frame header (SOF0, SOF1 or SOF2) and the geometry that follows from it. */
final class JpegFrame {
  final int width;
  final int height;
  final boolean progressive;
  final JpegComponent[] components;
  final int hMax;
  final int vMax;

  /** Interleaved units (MCUs) a row and rows of them. */
  final int unitsWide;

  final int unitsHigh;

  private JpegFrame(int width, int height, boolean progressive, JpegComponent[] components) {
    this.width = width;
    this.height = height;
    this.progressive = progressive;
    this.components = components;
    int h = 1;
    int v = 1;
    for (JpegComponent component : components) {
      h = Math.max(h, component.h);
      v = Math.max(v, component.v);
    }
    hMax = h;
    vMax = v;
    unitsWide = ceil(width, 8 * h);
    unitsHigh = ceil(height, 8 * v);
    for (JpegComponent component : components) {
      component.width = ceil(width * component.h, h);
      component.height = ceil(height * component.v, v);
      component.blocksWide = ceil(component.width, 8);
      component.blocksHigh = ceil(component.height, 8);
      component.paddedBlocksWide = unitsWide * component.h;
      component.paddedBlocksHigh = unitsHigh * component.v;
    }
  }

  /**
   * Parses a frame header.
   *
   * @param at its first byte after the length
   * @param length its bytes
   */
  static JpegFrame parse(byte[] file, int at, int length, int marker)
      throws RejectedPictureException {
    if (length < 6 || length != 6 + 3 * Bytes.u8(file, at + 5)) {
      throw new RejectedPictureException("JPEG with a misshapen frame header");
    }
    if (file[at] != 8) {
      throw new RejectedPictureException(
          "JPEG of %d bits a sample; 8 are read".formatted(Bytes.u8(file, at)));
    }
    int height = Bytes.big16(file, at + 1);
    int width = Bytes.big16(file, at + 3);
    int count = Bytes.u8(file, at + 5);
    if (width == 0 || height == 0) {
      throw new RejectedPictureException("JPEG declares %d x %d pixels".formatted(width, height));
    }
    if (count != 1 && count != 3 && count != 4) {
      throw new RejectedPictureException("JPEG of %d colours; 1, 3 or 4 are read".formatted(count));
    }
    JpegComponent[] components = new JpegComponent[count];
    for (int i = 0; i < count; i++) {
      int entry = at + 6 + 3 * i;
      int h = Bytes.u8(file, entry + 1) >> 4;
      int v = Bytes.u8(file, entry + 1) & 15;
      if (h < 1 || h > 4 || v < 1 || v > 4) {
        throw new RejectedPictureException(
            "JPEG with sampling factors %d x %d, not 1 to 4".formatted(h, v));
      }
      components[i] =
          new JpegComponent(
              Bytes.u8(file, entry), count == 1 ? 1 : h, count == 1 ? 1 : v, file[entry + 2] & 3);
      for (int j = 0; j < i; j++) {
        if (components[j].id == components[i].id) {
          throw new RejectedPictureException("JPEG with two colours of the same name");
        }
      }
    }
    return new JpegFrame(width, height, marker == 0xC2, components);
  }

  /** Blocks of all colours without padding; each costs a bit of the file or more. */
  long blocks() {
    long sum = 0;
    for (JpegComponent component : components) {
      sum += (long) component.blocksWide * component.blocksHigh;
    }
    return sum;
  }

  /** Samples of all colours in a row of units. */
  long unitRowSamples() {
    long sum = 0;
    for (JpegComponent component : components) {
      sum += 64L * component.v * component.paddedBlocksWide;
    }
    return sum;
  }

  private static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }
}
