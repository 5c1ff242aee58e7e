package dev.fovea.pictures.decode;

/** The size at which a JPEG picture is decoded. */
enum JpegScale {
  FULL(8),
  /** Means of 2 x 2 pixels, straight from the coefficients. */
  HALF(4),
  /** Means of 4 x 4 pixels. */
  QUARTER(2),
  /** Means of 8 x 8 pixels. */
  EIGHTH(1);

  private final int blockSize;

  JpegScale(int blockSize) {
    this.blockSize = blockSize;
  }

  /** The scale of a reduction by 1, 2, 4 or 8. */
  static JpegScale by(int factor) {
    return switch (factor) {
      case 1 -> FULL;
      case 2 -> HALF;
      case 4 -> QUARTER;
      case 8 -> EIGHTH;
      default ->
          throw new IllegalArgumentException("reduction by %d, not 1, 2, 4 or 8".formatted(factor));
    };
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
