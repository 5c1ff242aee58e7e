package dev.fovea.jobs.upscaling.single;

import dev.fovea.pictures.picture.Samples;

/** Samples of a picture in the making. */
sealed interface SampleBuffer {
  /** Puts a value of 0 to 1, clamped and rounded half up. */
  void put(int index, float value);

  /** The samples, not copied: nothing may be put afterwards. */
  Samples samples();

  static SampleBuffer of(int bitDepth, int length) {
    return switch (bitDepth) {
      case 8 -> new Bytes(new byte[length]);
      case 16 -> new Words(new short[length]);
      default ->
          throw new IllegalArgumentException("bit depth %d is not 8 or 16".formatted(bitDepth));
    };
  }

  /** Unsigned bytes. */
  @SuppressWarnings("ArrayRecordComponent") // Filled in place and handed on uncopied.
  record Bytes(byte[] values) implements SampleBuffer {
    @Override
    public void put(int index, float value) {
      values[index] = (byte) rounded(value, 255);
    }

    @Override
    public Samples samples() {
      return new Samples.Bytes(values);
    }
  }

  /** Unsigned shorts. */
  @SuppressWarnings("ArrayRecordComponent") // Filled in place and handed on uncopied.
  record Words(short[] values) implements SampleBuffer {
    @Override
    public void put(int index, float value) {
      values[index] = (short) rounded(value, 65535);
    }

    @Override
    public Samples samples() {
      return new Samples.Words(values);
    }
  }

  private static int rounded(float value, int largest) {
    float scaled = value * largest + 0.5f;
    return scaled >= largest ? largest : scaled > 0 ? (int) scaled : 0;
  }
}
