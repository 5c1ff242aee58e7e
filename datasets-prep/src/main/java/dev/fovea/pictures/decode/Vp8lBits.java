package dev.fovea.pictures.decode;

/** Bits of a VP8L stream, the lowest first. Past the end it reads zeros and remembers so. */
final class Vp8lBits {
  private final byte[] data;
  private final int end;
  private int at;
  private long buffer;
  private int count;

  Vp8lBits(byte[] data, int start, int length) {
    this.data = data;
    this.at = start;
    this.end = start + length;
  }

  /** The next 0 to 24 bits. */
  int read(int bits) {
    fill();
    int value = (int) buffer & ((1 << bits) - 1);
    drop(bits);
    return value;
  }

  boolean flag() {
    return read(1) == 1;
  }

  /** Makes at least 32 bits valid. */
  void fill() {
    while (count <= 56) {
      buffer |= (at < end ? data[at] & 0xFFL : 0L) << count;
      at++;
      count += 8;
    }
  }

  /** The next 15 bits; call {@link #fill()} before. */
  int peek15() {
    return (int) buffer & 0x7FFF;
  }

  void drop(int bits) {
    buffer >>>= bits;
    count -= bits;
  }

  /** Whether more bits were read than there are. */
  boolean overrun() {
    return 8L * at - count > 8L * end;
  }
}
