package dev.fovea.pictures.pairs;

/** Mirrors square planes in place. */
final class Flipping {
  private Flipping() {}

  static void leftToRight(float[] samples, int offset, int planes, int side) {
    for (int row = 0; row < planes * side; row++) {
      int left = offset + row * side;
      int right = left + side - 1;
      while (left < right) {
        swap(samples, left++, right--);
      }
    }
  }

  static void topToBottom(float[] samples, int offset, int planes, int side) {
    for (int plane = 0; plane < planes; plane++) {
      int start = offset + plane * side * side;
      for (int top = 0, bottom = side - 1; top < bottom; top++, bottom--) {
        for (int x = 0; x < side; x++) {
          swap(samples, start + top * side + x, start + bottom * side + x);
        }
      }
    }
  }

  static void transpose(float[] samples, int offset, int planes, int side) {
    for (int plane = 0; plane < planes; plane++) {
      int start = offset + plane * side * side;
      for (int y = 0; y < side; y++) {
        for (int x = y + 1; x < side; x++) {
          swap(samples, start + y * side + x, start + x * side + y);
        }
      }
    }
  }

  private static void swap(float[] samples, int a, int b) {
    float value = samples[a];
    samples[a] = samples[b];
    samples[b] = value;
  }
}
