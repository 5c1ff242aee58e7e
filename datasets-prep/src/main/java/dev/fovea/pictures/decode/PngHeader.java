package dev.fovea.pictures.decode;

import dev.fovea.pictures.picture.RejectedPictureException;

/**
 * The IHDR chunk.
 *
 * @param depth bits a sample
 * @param colourType 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 */
record PngHeader(int width, int height, int depth, int colourType, boolean interlaced) {
  static PngHeader parse(byte[] file, int at) throws RejectedPictureException {
    int depth = Bytes.u8(file, at + 8);
    int type = Bytes.u8(file, at + 9);
    boolean legal =
        switch (type) {
          case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case 2, 4, 6 -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!legal) {
      throw new RejectedPictureException(
          "PNG of colour type %d with %d bits does not exist".formatted(type, depth));
    }
    if (file[at + 10] != 0 || file[at + 11] != 0 || Bytes.u8(file, at + 12) > 1) {
      throw new RejectedPictureException(
          "PNG with unknown compression %d, filter %d or interlacing %d"
              .formatted(
                  Bytes.u8(file, at + 10), Bytes.u8(file, at + 11), Bytes.u8(file, at + 12)));
    }
    return new PngHeader(
        Bytes.big32(file, at), Bytes.big32(file, at + 4), depth, type, file[at + 12] == 1);
  }

  boolean palette() {
    return colourType == 3;
  }

  boolean grey() {
    return colourType == 0 || colourType == 4;
  }

  boolean alphaChannel() {
    return (colourType & 4) != 0;
  }

  /** Samples a pixel in the data stream. */
  int samples() {
    return switch (colourType) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  int bitsPerPixel() {
    return samples() * depth;
  }

  /** Bytes of a row of so many pixels without its filter byte. */
  int rowBytes(int pixels) {
    return Math.toIntExact(((long) pixels * bitsPerPixel() + 7) / 8);
  }

  /** Bytes of the inflated data stream, filter bytes included. */
  long streamBytes() {
    if (!interlaced) {
      return (long) height * (rowBytes(width) + 1);
    }
    long sum = 0;
    for (Adam7 pass : Adam7.values()) {
      if (pass.columns(width) > 0) {
        sum += (long) pass.rows(height) * (rowBytes(pass.columns(width)) + 1);
      }
    }
    return sum;
  }
}
