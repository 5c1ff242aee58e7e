package dev.fovea.pictures.encode;

import java.util.Arrays;

/**
 * Writes the lossless bitstream of WebP (VP8L, RFC 9649): green subtracted, the best of four
 * predictors for each block, repetitions by LZ77, one set of prefix codes.
 */
final class Vp8lEncoder {
  private static final int BLOCK_BITS = 4;
  private static final int[] MODES = {1, 2, 7, 12};
  private static final int LENGTH_SYMBOLS = 24;
  private static final int MIN_MATCH = 3;
  private static final int MAX_MATCH = 4096;
  private static final int WINDOW = (1 << 20) - 120;
  private static final int HASH_BITS = 16;
  private static final int MAX_CHAIN = 16;

  /** Symbols of each of the five codes: green and lengths, red, blue, alpha, distances. */
  private static final int[] SYMBOLS = {256 + LENGTH_SYMBOLS, 256, 256, 256, 40};

  private final LowBits out = new LowBits();

  private Vp8lEncoder() {}

  /**
   * The bitstream of a picture.
   *
   * @param argb overwritten
   */
  static byte[] encode(int[] argb, int width, int height, boolean alphaUsed) {
    Vp8lEncoder encoder = new Vp8lEncoder();
    encoder.write(argb, width, height, alphaUsed);
    return encoder.out.finished();
  }

  private void write(int[] argb, int width, int height, boolean alphaUsed) {
    out.write(0x2F, 8);
    out.write(width - 1, 14);
    out.write(height - 1, 14);
    out.write(alphaUsed ? 1 : 0, 1);
    out.write(0, 3);
    out.write(1, 1);
    out.write(2, 2); // Green subtracted.
    for (int i = 0; i < argb.length; i++) {
      int green = (argb[i] >> 8) & 0xFF;
      argb[i] = subtract(argb[i], (green << 16) | green);
    }
    out.write(1, 1);
    out.write(0, 2); // Predicted.
    out.write(BLOCK_BITS - 2, 3);
    int[] modes = chooseModes(argb, width, height);
    image(modes, (width + (1 << BLOCK_BITS) - 1) >> BLOCK_BITS, false);
    int[] residuals = residuals(argb, width, height, modes);
    out.write(0, 1);
    image(residuals, width, true);
  }

  private static int[] chooseModes(int[] argb, int width, int height) {
    int block = 1 << BLOCK_BITS;
    int wide = (width + block - 1) >> BLOCK_BITS;
    int high = (height + block - 1) >> BLOCK_BITS;
    int[] modes = new int[wide * high];
    for (int by = 0; by < high; by++) {
      for (int bx = 0; bx < wide; bx++) {
        long smallest = Long.MAX_VALUE;
        for (int mode : MODES) {
          long cost = 0;
          for (int y = Math.max(1, by * block); y < Math.min(height, (by + 1) * block); y++) {
            for (int x = Math.max(1, bx * block); x < Math.min(width, (bx + 1) * block); x++) {
              int i = y * width + x;
              cost += cost(subtract(argb[i], predicted(mode, argb, i, width)));
            }
          }
          if (cost < smallest) {
            smallest = cost;
            modes[by * wide + bx] = 0xFF000000 | (mode << 8);
          }
        }
      }
    }
    return modes;
  }

  private static int cost(int residual) {
    return Math.abs((byte) residual)
        + Math.abs((byte) (residual >> 8))
        + Math.abs((byte) (residual >> 16))
        + Math.abs((byte) (residual >> 24));
  }

  private static int[] residuals(int[] argb, int width, int height, int[] modes) {
    int wide = (width + (1 << BLOCK_BITS) - 1) >> BLOCK_BITS;
    int[] residuals = new int[argb.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        int predicted;
        if (x == 0) {
          predicted = y == 0 ? 0xFF000000 : argb[i - width];
        } else if (y == 0) {
          predicted = argb[i - 1];
        } else {
          int mode = (modes[(y >> BLOCK_BITS) * wide + (x >> BLOCK_BITS)] >> 8) & 15;
          predicted = predicted(mode, argb, i, width);
        }
        residuals[i] = subtract(argb[i], predicted);
      }
    }
    return residuals;
  }

  private static int predicted(int mode, int[] argb, int i, int width) {
    int left = argb[i - 1];
    int top = argb[i - width];
    return switch (mode) {
      case 1 -> left;
      case 2 -> top;
      case 7 -> (((left ^ top) & 0xFEFEFEFE) >>> 1) + (left & top);
      default -> addSubtract(left, top, argb[i - width - 1]);
    };
  }

  private static int addSubtract(int a, int b, int c) {
    int sum = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int value = ((a >> shift) & 0xFF) + ((b >> shift) & 0xFF) - ((c >> shift) & 0xFF);
      sum |= Math.max(0, Math.min(255, value)) << shift;
    }
    return sum;
  }

  private static int subtract(int a, int b) {
    int alphaGreen = (a | 0x00FF00FF) - (b & 0xFF00FF00);
    int redBlue = (a | 0xFF00FF00) - (b & 0x00FF00FF);
    return (alphaGreen & 0xFF00FF00) | (redBlue & 0x00FF00FF);
  }

  /** Writes an entropy-coded image. */
  private void image(int[] pixels, int width, boolean main) {
    out.write(0, 1); // No colour cache.
    if (main) {
      out.write(0, 1); // One group of codes.
    }
    // Pairs of (length, distance) for copies; (0, pixel) for pixels.
    int[] steps = new int[2 * pixels.length];
    int count = parse(pixels, steps);
    int[][] counts = new int[5][];
    Arrays.setAll(counts, i -> new int[SYMBOLS[i]]);
    for (int i = 0; i < count; i += 2) {
      if (steps[i] == 0) {
        int pixel = steps[i + 1];
        counts[0][(pixel >> 8) & 0xFF]++;
        counts[1][(pixel >> 16) & 0xFF]++;
        counts[2][pixel & 0xFF]++;
        counts[3][pixel >>> 24]++;
      } else {
        counts[0][256 + prefix(steps[i])]++;
        counts[4][prefix(distanceCode(steps[i + 1], width))]++;
      }
    }
    PrefixCode[] codes = new PrefixCode[5];
    for (int i = 0; i < 5; i++) {
      codes[i] = PrefixCode.of(counts[i], 15);
      codes[i].describe(out);
    }
    for (int i = 0; i < count; i += 2) {
      if (steps[i] == 0) {
        int pixel = steps[i + 1];
        codes[0].put(out, (pixel >> 8) & 0xFF);
        codes[1].put(out, (pixel >> 16) & 0xFF);
        codes[2].put(out, pixel & 0xFF);
        codes[3].put(out, pixel >>> 24);
      } else {
        putExtended(codes[0], 256, steps[i]);
        putExtended(codes[4], 0, distanceCode(steps[i + 1], width));
      }
    }
  }

  /** Cuts pixels into single ones and copies of earlier ones; the entries used of {@code steps}. */
  private static int parse(int[] pixels, int[] steps) {
    int[] head = new int[1 << HASH_BITS];
    Arrays.fill(head, -1);
    int[] previous = new int[pixels.length];
    int count = 0;
    int i = 0;
    while (i < pixels.length) {
      int bestLength = 0;
      int bestDistance = 0;
      if (i + MIN_MATCH <= pixels.length) {
        int candidate = head[hash(pixels, i)];
        for (int tries = 0; tries < MAX_CHAIN && candidate >= 0; tries++) {
          if (i - candidate > WINDOW) {
            break;
          }
          int length = matching(pixels, candidate, i);
          if (length > bestLength) {
            bestLength = length;
            bestDistance = i - candidate;
          }
          candidate = previous[candidate];
        }
      }
      int step = bestLength >= MIN_MATCH ? bestLength : 1;
      steps[count++] = step == 1 ? 0 : bestLength;
      steps[count++] = step == 1 ? pixels[i] : bestDistance;
      for (int end = i + step; i < end; i++) {
        if (i + MIN_MATCH <= pixels.length) {
          int hash = hash(pixels, i);
          previous[i] = head[hash];
          head[hash] = i;
        }
      }
    }
    return count;
  }

  private static int hash(int[] pixels, int i) {
    int mixed = (pixels[i] * 31 + pixels[i + 1]) * 31 + pixels[i + 2];
    return (mixed * 0x9E3779B1) >>> (32 - HASH_BITS);
  }

  private static int matching(int[] pixels, int from, int at) {
    int length = 0;
    int most = Math.min(MAX_MATCH, pixels.length - at);
    while (length < most && pixels[from + length] == pixels[at + length]) {
      length++;
    }
    return length;
  }

  /** The nearest pixels have codes of their own; only the two that matter most are used. */
  private static int distanceCode(int distance, int width) {
    if (distance == width) {
      return 1;
    }
    return distance == 1 ? 2 : distance + 120;
  }

  private static int prefix(int value) {
    if (value <= 4) {
      return value - 1;
    }
    int high = 31 - Integer.numberOfLeadingZeros(value - 1);
    return 2 * high + (((value - 1) >> (high - 1)) & 1);
  }

  private void putExtended(PrefixCode code, int base, int value) {
    int prefix = prefix(value);
    code.put(out, base + prefix);
    if (prefix >= 4) {
      out.write(value - 1, (prefix - 2) >> 1);
    }
  }
}
