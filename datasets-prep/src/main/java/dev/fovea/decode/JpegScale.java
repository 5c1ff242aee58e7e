package dev.fovea.decode;

/** The size at which a JPEG picture is decoded. */
enum JpegScale {
  FULL(8),
  /** Means of 2 x 2 pixels, straight from the coefficients. */
  HALF(4);

  private final int blockSize;

  JpegScale(int blockSize) {
    this.blockSize = blockSize;
  }

  /** Samples along the side of a block. */
  int blockSize() {
    return blockSize;
  }

  /** A side of the scaled picture. */
  int of(int side) {
    return (side * blockSize + 7) / 8;
  }
}
