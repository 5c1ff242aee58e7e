package dev.fovea.pictures.decode;

/** The seven passes of an interlaced PNG. */
enum Adam7 {
  FIRST(0, 0, 8, 8),
  SECOND(4, 0, 8, 8),
  THIRD(0, 4, 4, 8),
  FOURTH(2, 0, 4, 4),
  FIFTH(0, 2, 2, 4),
  SIXTH(1, 0, 2, 2),
  SEVENTH(0, 1, 1, 2);

  final int x;
  final int y;
  final int stepX;
  final int stepY;

  Adam7(int x, int y, int stepX, int stepY) {
    this.x = x;
    this.y = y;
    this.stepX = stepX;
    this.stepY = stepY;
  }

  int columns(int width) {
    return (width - x + stepX - 1) / stepX;
  }

  int rows(int height) {
    return (height - y + stepY - 1) / stepY;
  }
}
