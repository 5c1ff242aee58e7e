package dev.fovea.pictures.picture;

/**
 * Interleaved samples of 8 or 16 bits on a primitive array that is not copied: whoever wraps an
 * array here gives it away.
 */
public sealed interface Samples {
  /** 8 or 16. */
  int bitDepth();

  /** Number of samples. */
  int length();

  /** The unsigned value at an index, 0 to 255 or 0 to 65535. */
  int at(int index);

  /** The samples rounded to 8 bits; itself where it has 8 bits. */
  Bytes toBytes();

  /** {@code rows} runs of {@code run} samples, {@code stride} apart from {@code start}, copied. */
  Samples window(int start, int run, int stride, int rows);

  /**
   * Samples of 8 bits.
   *
   * @param values unsigned bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // The whole point is to hand the array on uncopied.
  record Bytes(byte[] values) implements Samples {
    @Override
    public int bitDepth() {
      return 8;
    }

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public int at(int index) {
      return values[index] & 0xFF;
    }

    @Override
    public Bytes toBytes() {
      return this;
    }

    @Override
    public Bytes window(int start, int run, int stride, int rows) {
      byte[] copy = new byte[run * rows];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(values, start + row * stride, copy, row * run, run);
      }
      return new Bytes(copy);
    }
  }

  /**
   * Samples of 16 bits.
   *
   * @param values unsigned shorts
   */
  @SuppressWarnings("ArrayRecordComponent") // The whole point is to hand the array on uncopied.
  record Words(short[] values) implements Samples {
    @Override
    public int bitDepth() {
      return 16;
    }

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public int at(int index) {
      return values[index] & 0xFFFF;
    }

    @Override
    public Bytes toBytes() {
      byte[] bytes = new byte[values.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (((values[i] & 0xFFFF) * 255 + 32767) / 65535);
      }
      return new Bytes(bytes);
    }

    @Override
    public Words window(int start, int run, int stride, int rows) {
      short[] copy = new short[run * rows];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(values, start + row * stride, copy, row * run, run);
      }
      return new Words(copy);
    }
  }
}
