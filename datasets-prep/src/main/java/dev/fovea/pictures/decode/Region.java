package dev.fovea.pictures.decode;

/**
 * The part of a stored picture that is wanted.
 *
 * @param x columns left of it
 * @param y rows above it
 */
record Region(int x, int y, int width, int height) {
  int right() {
    return x + width;
  }

  int bottom() {
    return y + height;
  }
}
