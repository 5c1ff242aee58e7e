package dev.fovea.model.checkpoint;

import java.nio.ByteBuffer;

/** The number formats that safetensors files are read and written in, all little-endian. */
public enum ElementType {
  F32(4) {
    @Override
    void read(ByteBuffer bytes, int count, float[] values) {
      bytes.asFloatBuffer().get(values, 0, count);
    }

    @Override
    public void write(float[] values, int count, ByteBuffer bytes) {
      bytes.asFloatBuffer().put(values, 0, count);
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

    @Override
    public void write(float[] values, int count, ByteBuffer bytes) {
      for (int i = 0; i < count; i++) {
        bytes.putShort(2 * i, halfBits(values[i]));
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

    @Override
    public void write(float[] values, int count, ByteBuffer bytes) {
      for (int i = 0; i < count; i++) {
        bytes.putShort(2 * i, brainBits(values[i]));
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

  /**
   * Writes the first {@code count} values to the start of a little-endian buffer, rounded to the
   * nearest; beyond its largest number a format has infinity.
   */
  public abstract void write(float[] values, int count, ByteBuffer bytes);

  /** Rounded to the nearest, ties to even; from 65520 on that is infinity. */
  private static short halfBits(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x477ff000) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) {
      // Below 2^-14 a half is a multiple of 2^-24.
      return (short) (sign | (int) Math.rint(Math.abs((double) value) * 0x1p24));
    }
    int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
    return (short) (sign | ((rounded - 0x38000000) >>> 13));
  }

  private static short brainBits(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }

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
