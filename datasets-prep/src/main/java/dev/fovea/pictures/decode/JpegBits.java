package dev.fovea.pictures.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits between two restart markers, byte stuffing already removed. Reading past the end gives
 * zeros; {@link #overrun()} tells afterwards. The fields are open to the block decoders, which keep
 * them in locals while they run.
 */
final class JpegBits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  final byte[] data;

  /**
   * The next bits from the highest on. Those below the first {@link #count} are either zeros or
   * what stands there anyway, so that filling may set them again.
   */
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

  /** The next 64 bits from a byte position, zeros beyond the end. */
  long next64(int position) {
    if (position <= end - 8) {
      return (long) LONG.get(data, position);
    }
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = (value << 8) | (position + i < end ? data[position + i] & 0xFF : 0);
    }
    return value;
  }

  /** Makes at least 56 bits valid, without a branch that could be mispredicted. */
  void fill() {
    buffer |= next64(at) >>> count;
    at += (63 - count) >>> 3;
    count |= 56;
  }

  /** The next {@code n} bits, 0 to 16; call {@link #fill()} before. */
  int take(int n) {
    int value = (int) (buffer >>> 1 >>> (63 - n));
    buffer <<= n;
    count -= n;
    return value;
  }

  /** One bit, filling where needed. */
  int bit() {
    if (count == 0) {
      fill();
    }
    return take(1);
  }

  /** Whether more bits were read than there are. */
  boolean overrun() {
    return 8L * at - count > 8L * end;
  }
}
