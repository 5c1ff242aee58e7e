package dev.fovea.pictures.decode;

/** VP8's arithmetic decoder (RFC 6386, section 7). Past the end it reads zeros and remembers so. */
final class Vp8Bool {
  private final byte[] data;
  private final int end;
  private int at;
  private long value;

  /** Less 1: 127 to 254 between calls. */
  private int range = 254;

  /** Bits of {@link #value} beyond the eight that are compared. */
  private int spare = -8;

  /** Zero bits appended after the end. */
  private int beyond;

  Vp8Bool(byte[] data, int start, int length) {
    this.data = data;
    this.at = start;
    this.end = start + length;
  }

  /** A bit that is 0 with a probability of {@code probability / 256}. */
  int bit(int probability) {
    if (spare < 0) {
      load();
    }
    int split = (range * probability) >> 8;
    int bit;
    int width;
    if ((int) (value >>> spare) > split) {
      value -= (long) (split + 1) << spare;
      width = range - split;
      bit = 1;
    } else {
      width = split + 1;
      bit = 0;
    }
    int shift = Integer.numberOfLeadingZeros(width) - 24;
    spare -= shift;
    range = (width << shift) - 1;
    return bit;
  }

  boolean flag() {
    return bit(128) == 1;
  }

  /** An unsigned number, the highest bit first. */
  int number(int bits) {
    int number = 0;
    for (int i = 0; i < bits; i++) {
      number = (number << 1) | bit(128);
    }
    return number;
  }

  /** A number with its sign behind it. */
  int signed(int bits) {
    int number = number(bits);
    return flag() ? -number : number;
  }

  /** A signed number that is there only after a flag; else 0. */
  int optional(int bits) {
    return flag() ? signed(bits) : 0;
  }

  /** Whether more was read than there is. */
  boolean overrun() {
    return beyond > spare + 8;
  }

  private void load() {
    while (spare < 40) {
      if (at < end) {
        value = (value << 8) | (data[at++] & 0xFF);
      } else {
        // A complete stream may look ahead a little, but never needs bits beyond that.
        value <<= 8;
        beyond += 8;
      }
      spare += 8;
    }
  }
}
