package dev.fovea.pictures.decode;

/** A transform of a VP8L picture, undone after its pixels are decoded. */
sealed interface Vp8lTransform {
  /** Columns of the coded picture, of {@code width} columns after undoing. */
  default int codedWidth(int width) {
    return width;
  }

  /** The picture before the transform, perhaps in the same array. */
  int[] undo(int[] argb, int height);

  /** Adds each of the four bytes on its own. */
  static int add(int a, int b) {
    int alphaGreen = (a & 0xFF00FF00) + (b & 0xFF00FF00);
    int redBlue = (a & 0x00FF00FF) + (b & 0x00FF00FF);
    return (alphaGreen & 0xFF00FF00) | (redBlue & 0x00FF00FF);
  }

  /** Red and blue were stored less green. */
  record SubtractGreen(int width) implements Vp8lTransform {
    @Override
    public int[] undo(int[] argb, int height) {
      for (int i = 0; i < argb.length; i++) {
        int green = (argb[i] >> 8) & 0xFF;
        argb[i] = add(argb[i], (green << 16) | green);
      }
      return argb;
    }
  }

  /** Red and blue were stored less multiples of green and red, chosen by block. */
  @SuppressWarnings("ArrayRecordComponent") // Private to the decoder, never compared.
  record CrossColour(int width, int blockBits, int[] data) implements Vp8lTransform {
    @Override
    public int[] undo(int[] argb, int height) {
      int blocksWide = (width + (1 << blockBits) - 1) >> blockBits;
      int i = 0;
      for (int y = 0; y < height; y++) {
        int row = (y >> blockBits) * blocksWide;
        for (int x = 0; x < width; x++, i++) {
          int code = data[row + (x >> blockBits)];
          int pixel = argb[i];
          byte green = (byte) (pixel >> 8);
          int red = (pixel >> 16) + (((byte) code * green) >> 5);
          int blue =
              pixel
                  + (((byte) (code >> 8) * green) >> 5)
                  + (((byte) (code >> 16) * (byte) red) >> 5);
          argb[i] = (pixel & 0xFF00FF00) | ((red & 0xFF) << 16) | (blue & 0xFF);
        }
      }
      return argb;
    }
  }

  /** Pixels are indices, several to a coded pixel where there are few colours. */
  @SuppressWarnings("ArrayRecordComponent") // Private to the decoder, never compared.
  record Palette(int width, int packing, int[] colours) implements Vp8lTransform {
    @Override
    public int codedWidth(int width) {
      return (width + (1 << packing) - 1) >> packing;
    }

    @Override
    public int[] undo(int[] packed, int height) {
      int bits = 8 >> packing;
      int mask = (1 << bits) - 1;
      int codedWidth = codedWidth(width);
      int[] argb = packing == 0 ? packed : new int[width * height];
      int to = 0;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int green = (packed[y * codedWidth + (x >> packing)] >> 8) & 0xFF;
          int index = (green >> ((x & ((1 << packing) - 1)) * bits)) & mask;
          argb[to++] = index < colours.length ? colours[index] : 0;
        }
      }
      return argb;
    }
  }

  /** Pixels were stored less a prediction from their neighbours, of a kind chosen by block. */
  @SuppressWarnings("ArrayRecordComponent") // Private to the decoder, never compared.
  record Predictor(int width, int blockBits, int[] data) implements Vp8lTransform {
    private static final int BLACK = 0xFF000000;

    @Override
    public int[] undo(int[] argb, int height) {
      int blocksWide = (width + (1 << blockBits) - 1) >> blockBits;
      argb[0] = add(argb[0], BLACK);
      for (int x = 1; x < width; x++) {
        argb[x] = add(argb[x], argb[x - 1]);
      }
      for (int y = 1; y < height; y++) {
        int i = y * width;
        int row = (y >> blockBits) * blocksWide;
        argb[i] = add(argb[i], argb[i - width]);
        for (int x = 1; x < width; x++) {
          i++;
          int mode = (data[row + (x >> blockBits)] >> 8) & 15;
          argb[i] = add(argb[i], predicted(mode, argb, i, i - width));
        }
      }
      return argb;
    }

    private static int predicted(int mode, int[] argb, int i, int above) {
      int left = argb[i - 1];
      int top = argb[above];
      int corner = argb[above - 1];
      // At the last column this is the first pixel of the current row, as the format says.
      int right = argb[above + 1];
      return switch (mode) {
        case 1 -> left;
        case 2 -> top;
        case 3 -> right;
        case 4 -> corner;
        case 5 -> average(average(left, right), top);
        case 6 -> average(left, corner);
        case 7 -> average(left, top);
        case 8 -> average(corner, top);
        case 9 -> average(top, right);
        case 10 -> average(average(left, corner), average(top, right));
        case 11 -> select(left, top, corner);
        case 12 -> addSubtractFull(left, top, corner);
        case 13 -> addSubtractHalf(average(left, top), corner);
        default -> BLACK;
      };
    }

    private static int average(int a, int b) {
      return (((a ^ b) & 0xFEFEFEFE) >>> 1) + (a & b);
    }

    private static int select(int left, int top, int corner) {
      int byLeft = 0;
      int byTop = 0;
      for (int shift = 0; shift < 32; shift += 8) {
        int c = (corner >> shift) & 0xFF;
        byLeft += Math.abs(((top >> shift) & 0xFF) - c);
        byTop += Math.abs(((left >> shift) & 0xFF) - c);
      }
      return byLeft < byTop ? left : top;
    }

    private static int addSubtractFull(int a, int b, int c) {
      int sum = 0;
      for (int shift = 0; shift < 32; shift += 8) {
        int value = ((a >> shift) & 0xFF) + ((b >> shift) & 0xFF) - ((c >> shift) & 0xFF);
        sum |= clamp(value) << shift;
      }
      return sum;
    }

    private static int addSubtractHalf(int a, int c) {
      int sum = 0;
      for (int shift = 0; shift < 32; shift += 8) {
        int value = (a >> shift) & 0xFF;
        sum |= clamp(value + (value - ((c >> shift) & 0xFF)) / 2) << shift;
      }
      return sum;
    }

    private static int clamp(int value) {
      return Math.max(0, Math.min(255, value));
    }
  }
}
