package dev.fovea.pictures.encode;

import java.io.ByteArrayOutputStream;

/** Writes bits, the lowest first. */
final class LowBits {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long buffer;
  private int count;

  /** Writes the lowest 0 to 32 bits of a value. */
  void write(int value, int bits) {
    buffer |= (value & ((1L << bits) - 1)) << count;
    count += bits;
    while (count >= 8) {
      bytes.write((int) buffer);
      buffer >>>= 8;
      count -= 8;
    }
  }

  byte[] finished() {
    if (count > 0) {
      bytes.write((int) buffer);
      buffer = 0;
      count = 0;
    }
    return bytes.toByteArray();
  }
}
