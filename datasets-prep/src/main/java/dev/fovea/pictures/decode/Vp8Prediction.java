package dev.fovea.pictures.decode;

/** Intra prediction and the inverse transforms of VP8 (RFC 6386, sections 12 and 14). */
final class Vp8Prediction {
  /** The modes, numbered as the tables of probabilities count them. */
  static final int DC = 0;

  static final int TRUE_MOTION = 1;
  static final int VERTICAL = 2;
  static final int HORIZONTAL = 3;
  static final int RIGHT_DOWN = 4;
  static final int VERTICAL_RIGHT = 5;
  static final int LEFT_DOWN = 6;
  static final int VERTICAL_LEFT = 7;
  static final int HORIZONTAL_DOWN = 8;
  static final int HORIZONTAL_UP = 9;

  private static final int COS = 20091 + (1 << 16);
  private static final int SIN = 35468;

  private Vp8Prediction() {}

  /**
   * Predicts a whole block of 16x16 or 8x8.
   *
   * @param hasTop whether a macroblock lies above
   * @param hasLeft whether a macroblock lies to the left
   */
  static void block(
      int mode, byte[] plane, int at, int stride, int size, boolean hasTop, boolean hasLeft) {
    switch (mode) {
      case DC -> fill(plane, at, stride, size, mean(plane, at, stride, size, hasTop, hasLeft));
      case VERTICAL -> {
        for (int row = 0; row < size; row++) {
          System.arraycopy(plane, at - stride, plane, at + row * stride, size);
        }
      }
      case HORIZONTAL -> {
        for (int row = 0; row < size; row++) {
          int from = at + row * stride;
          java.util.Arrays.fill(plane, from, from + size, plane[from - 1]);
        }
      }
      default -> trueMotion(plane, at, stride, size);
    }
  }

  private static int mean(
      byte[] plane, int at, int stride, int size, boolean hasTop, boolean hasLeft) {
    if (!hasTop && !hasLeft) {
      return 128;
    }
    int sum = 0;
    for (int i = 0; i < size; i++) {
      sum += hasTop ? plane[at - stride + i] & 0xFF : 0;
      sum += hasLeft ? plane[at + i * stride - 1] & 0xFF : 0;
    }
    int count = hasTop && hasLeft ? 2 * size : size;
    return (sum + count / 2) / count;
  }

  private static void fill(byte[] plane, int at, int stride, int size, int value) {
    for (int row = 0; row < size; row++) {
      java.util.Arrays.fill(plane, at + row * stride, at + row * stride + size, (byte) value);
    }
  }

  private static void trueMotion(byte[] plane, int at, int stride, int size) {
    int corner = plane[at - stride - 1] & 0xFF;
    for (int row = 0; row < size; row++) {
      int base = (plane[at + row * stride - 1] & 0xFF) - corner;
      for (int i = 0; i < size; i++) {
        plane[at + row * stride + i] = clamp(base + (plane[at - stride + i] & 0xFF));
      }
    }
  }

  /**
   * Predicts a block of 4x4.
   *
   * @param e the 13 samples around it: 0 to 3 the left column from below, 4 the corner, 5 to 12 the
   *     row above and to its right
   */
  static void subblock(int mode, int[] e, byte[] plane, int at, int stride) {
    switch (mode) {
      case DC -> {
        int sum = 4;
        for (int i = 0; i < 4; i++) {
          sum += e[i] + e[5 + i];
        }
        fill(plane, at, stride, 4, sum >> 3);
      }
      case TRUE_MOTION -> trueMotion(plane, at, stride, 4);
      case VERTICAL -> {
        for (int x = 0; x < 4; x++) {
          byte value = average(e[4 + x], e[5 + x], e[6 + x]);
          for (int y = 0; y < 4; y++) {
            plane[at + y * stride + x] = value;
          }
        }
      }
      case HORIZONTAL -> {
        for (int y = 0; y < 4; y++) {
          byte value = average(e[4 - y], e[3 - y], e[Math.max(0, 2 - y)]);
          java.util.Arrays.fill(plane, at + y * stride, at + y * stride + 4, value);
        }
      }
      case RIGHT_DOWN -> {
        for (int y = 0; y < 4; y++) {
          for (int x = 0; x < 4; x++) {
            int i = 4 + x - y;
            plane[at + y * stride + x] = average(e[i - 1], e[i], e[i + 1]);
          }
        }
      }
      case LEFT_DOWN -> {
        for (int y = 0; y < 4; y++) {
          for (int x = 0; x < 4; x++) {
            int i = 5 + x + y;
            plane[at + y * stride + x] = average(e[i], e[i + 1], e[Math.min(12, i + 2)]);
          }
        }
      }
      case VERTICAL_RIGHT -> verticalRight(e, plane, at, stride);
      case VERTICAL_LEFT -> verticalLeft(e, plane, at, stride);
      case HORIZONTAL_DOWN -> horizontalDown(e, plane, at, stride);
      default -> horizontalUp(e, plane, at, stride);
    }
  }

  private static void verticalRight(int[] e, byte[] p, int at, int s) {
    for (int x = 0; x < 4; x++) {
      p[at + x] = average(e[4 + x], e[5 + x]);
      p[at + s + x] = average(e[3 + x], e[4 + x], e[5 + x]);
    }
    p[at + 2 * s] = average(e[2], e[3], e[4]);
    p[at + 3 * s] = average(e[1], e[2], e[3]);
    for (int x = 1; x < 4; x++) {
      p[at + 2 * s + x] = p[at + x - 1];
      p[at + 3 * s + x] = p[at + s + x - 1];
    }
  }

  private static void verticalLeft(int[] e, byte[] p, int at, int s) {
    for (int x = 0; x < 4; x++) {
      p[at + x] = average(e[5 + x], e[6 + x]);
      p[at + s + x] = average(e[5 + x], e[6 + x], e[7 + x]);
    }
    for (int x = 0; x < 3; x++) {
      p[at + 2 * s + x] = p[at + x + 1];
      p[at + 3 * s + x] = p[at + s + x + 1];
    }
    p[at + 2 * s + 3] = average(e[9], e[10], e[11]);
    p[at + 3 * s + 3] = average(e[10], e[11], e[12]);
  }

  private static void horizontalDown(int[] e, byte[] p, int at, int s) {
    for (int y = 3; y >= 0; y--) {
      int i = 3 - y; // The left neighbour of the row.
      p[at + y * s] = average(e[i], e[i + 1]);
      p[at + y * s + 1] = average(e[i], e[i + 1], e[i + 2]);
    }
    p[at + 2] = average(e[4], e[5], e[6]);
    p[at + 3] = average(e[5], e[6], e[7]);
    for (int y = 1; y < 4; y++) {
      p[at + y * s + 2] = p[at + (y - 1) * s];
      p[at + y * s + 3] = p[at + (y - 1) * s + 1];
    }
  }

  private static void horizontalUp(int[] e, byte[] p, int at, int s) {
    byte last = (byte) e[0];
    byte[] run = {
      average(e[3], e[2]),
      average(e[3], e[2], e[1]),
      average(e[2], e[1]),
      average(e[2], e[1], e[0]),
      average(e[1], e[0]),
      average(e[1], e[0], e[0]),
      last,
      last,
      last,
      last
    };
    for (int y = 0; y < 4; y++) {
      System.arraycopy(run, 2 * y, p, at + y * s, 4);
    }
  }

  /** Adds the inverse transform of 16 coefficients to a 4x4 block. */
  static void addTransform(int[] c, int from, byte[] plane, int at, int stride) {
    int[] t = new int[16];
    for (int i = 0; i < 4; i++) {
      int in0 = c[from + i];
      int in4 = c[from + 4 + i];
      int in8 = c[from + 8 + i];
      int in12 = c[from + 12 + i];
      int a = in0 + in8;
      int b = in0 - in8;
      int x = multiply(in4, SIN) - multiply(in12, COS);
      int y = multiply(in4, COS) + multiply(in12, SIN);
      t[4 * i] = a + y;
      t[4 * i + 1] = b + x;
      t[4 * i + 2] = b - x;
      t[4 * i + 3] = a - y;
    }
    for (int i = 0; i < 4; i++) {
      int dc = t[i] + 4;
      int a = dc + t[8 + i];
      int b = dc - t[8 + i];
      int x = multiply(t[4 + i], SIN) - multiply(t[12 + i], COS);
      int y = multiply(t[4 + i], COS) + multiply(t[12 + i], SIN);
      int to = at + i * stride;
      plane[to] = clamp((plane[to] & 0xFF) + ((a + y) >> 3));
      plane[to + 1] = clamp((plane[to + 1] & 0xFF) + ((b + x) >> 3));
      plane[to + 2] = clamp((plane[to + 2] & 0xFF) + ((b - x) >> 3));
      plane[to + 3] = clamp((plane[to + 3] & 0xFF) + ((a - y) >> 3));
    }
  }

  /** The 16 means of a macroblock's luma blocks, each put first in its block's coefficients. */
  static void means(int[] in, int[] coefficients) {
    int[] t = new int[16];
    for (int i = 0; i < 4; i++) {
      int a0 = in[i] + in[12 + i];
      int a1 = in[4 + i] + in[8 + i];
      int a2 = in[4 + i] - in[8 + i];
      int a3 = in[i] - in[12 + i];
      t[i] = a0 + a1;
      t[8 + i] = a0 - a1;
      t[4 + i] = a3 + a2;
      t[12 + i] = a3 - a2;
    }
    for (int i = 0; i < 4; i++) {
      int dc = t[4 * i] + 3;
      int a0 = dc + t[4 * i + 3];
      int a1 = t[4 * i + 1] + t[4 * i + 2];
      int a2 = t[4 * i + 1] - t[4 * i + 2];
      int a3 = dc - t[4 * i + 3];
      coefficients[64 * i] = (a0 + a1) >> 3;
      coefficients[64 * i + 16] = (a3 + a2) >> 3;
      coefficients[64 * i + 32] = (a0 - a1) >> 3;
      coefficients[64 * i + 48] = (a3 - a2) >> 3;
    }
  }

  private static int multiply(int a, int b) {
    return (int) (((long) a * b) >> 16);
  }

  private static byte average(int a, int b) {
    return (byte) ((a + b + 1) >> 1);
  }

  private static byte average(int a, int b, int c) {
    return (byte) ((a + 2 * b + c + 2) >> 2);
  }

  private static byte clamp(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
