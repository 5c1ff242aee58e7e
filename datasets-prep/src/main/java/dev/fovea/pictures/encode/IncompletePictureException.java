package dev.fovea.pictures.encode;

import java.io.IOException;

/** An encoder was closed before it was given all rows: what it wrote is not a whole file. */
public final class IncompletePictureException extends IOException {
  private static final long serialVersionUID = 1L;

  IncompletePictureException(int rowsLeft, int height) {
    super("encoder closed with %d of %d rows missing".formatted(rowsLeft, height));
  }
}
