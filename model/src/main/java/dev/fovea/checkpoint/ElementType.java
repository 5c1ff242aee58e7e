package dev.fovea.checkpoint;

import java.nio.ByteBuffer;

/** The number formats that are read from safetensors files, all little-endian. */
public enum ElementType {
  F32(4) {
    @Override
    void read(ByteBuffer bytes, int count, float[] values) {
      bytes.asFloatBuffer().get(values, 0, count);
    }
  },
  /** IEEE 754 half precision. */
  F16(2) {
    @Override
    void read(ByteBuffer bytes, int count, float[] values) {
      for (int i = 0; i < count; i++) {
        values[i] = half(bytes.getShort(2 * i));
      }
    }
  },
  /** The upper half of a float. */
  BF16(2) {
    @Override
    void read(ByteBuffer bytes, int count, float[] values) {
      for (int i = 0; i < count; i++) {
        values[i] = Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
      }
    }
  };

  private final int size;

  ElementType(int size) {
    this.size = size;
  }

  /** Bytes of one element. */
  public int size() {
    return size;
  }

  /** Reads the first {@code count} elements of a little-endian buffer at position 0. */
  abstract void read(ByteBuffer bytes, int count, float[] values);

  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int mantissa = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> Math.scalb((float) mantissa, -24);
          case 0x1f -> mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb((float) (0x400 | mantissa), exponent - 25);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
