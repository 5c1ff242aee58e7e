package dev.fovea.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits between two restart markers, byte stuffing already removed. Reading past the end gives
 * zeros; {@link #overrun()} tells afterwards. The fields are open to the block decoders, which keep
 * them in locals while they run.
 */
final class JpegBits {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  final byte[] data;

  /** The lowest {@link #count} bits are valid. */
  long buffer;

  int count;
  int at;
  int end;

  JpegBits(byte[] data) {
    this.data = data;
  }

  /** Starts a segment. */
  void start(int from, int to) {
    at = from;
    end = to;
    buffer = 0;
    count = 0;
  }

  /** The next 32 bits from a byte position, zeros beyond the end. */
  long next32(int position) {
    if (position + 4 <= end) {
      return (int) INT.get(data, position) & 0xFFFFFFFFL;
    }
    long value = 0;
    for (int i = 0; i < 4; i++) {
      value = (value << 8) | (position + i < end ? data[position + i] & 0xFF : 0);
    }
    return value;
  }

  /** Makes at least 32 bits valid. */
  void fill() {
    if (count < 32) {
      buffer = (buffer << 32) | next32(at);
      at += 4;
      count += 32;
    }
  }

  /** The next {@code n} bits, 0 to 16; call {@link #fill()} before. */
  int take(int n) {
    count -= n;
    return (int) (buffer >>> count) & ((1 << n) - 1);
  }

  /** One bit, filling where needed. */
  int bit() {
    if (count == 0) {
      fill();
    }
    count--;
    return (int) (buffer >>> count) & 1;
  }

  /** Whether more bits were read than there are. */
  boolean overrun() {
    return 8L * at - count > 8L * end;
  }
}
