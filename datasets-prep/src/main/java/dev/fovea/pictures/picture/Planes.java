package dev.fovea.pictures.picture;

/**
 * A picture as a network sees it: planar CHW floats, nominally 0 to 1. The array is not copied.
 *
 * @param channels 1 or more, RGB where it is 3
 * @param height rows, 1 or more
 * @param width columns, 1 or more
 * @param samples channel by channel, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // The whole point is to hand the array on uncopied.
public record Planes(int channels, int height, int width, float[] samples) {
  /**
   * @throws IllegalArgumentException naming the sizes where they do not fit together
   */
  public Planes {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "planes of %d channels, %d rows, %d columns: all must be 1 or more"
              .formatted(channels, height, width));
    }
    if ((long) channels * height * width != samples.length) {
      throw new IllegalArgumentException(
          "planes of %dx%dx%d need %d samples, not %d"
              .formatted(
                  channels, height, width, (long) channels * height * width, samples.length));
    }
  }

  /** Zeros. */
  public static Planes zeros(int channels, int height, int width) {
    return new Planes(
        channels, height, width, new float[Math.multiplyExact(channels * height, width)]);
  }

  /** A copy clamped to 0..1 and rounded, half up, to the 256 values of 8 bits. */
  public Planes quantized() {
    float[] rounded = samples.clone();
    quantize(rounded, 0, rounded.length);
    return new Planes(channels, height, width, rounded);
  }

  /** A copied rectangle. */
  public Planes crop(int x, int y, int cropWidth, int cropHeight) {
    if (x < 0 || y < 0 || cropWidth < 1 || cropHeight < 1) {
      throw outside(x, y, cropWidth, cropHeight);
    }
    if (x > width - cropWidth || y > height - cropHeight) {
      throw outside(x, y, cropWidth, cropHeight);
    }
    Planes crop = zeros(channels, cropHeight, cropWidth);
    for (int channel = 0; channel < channels; channel++) {
      for (int row = 0; row < cropHeight; row++) {
        System.arraycopy(
            samples,
            (channel * height + y + row) * width + x,
            crop.samples,
            (channel * cropHeight + row) * cropWidth,
            cropWidth);
      }
    }
    return crop;
  }

  /** Clamps to 0..1 and rounds, half up, to the 256 values of 8 bits, in place. */
  public static void quantize(float[] samples, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      samples[i] = EightBit.VALUES[EightBit.round(samples[i])];
    }
  }

  private IllegalArgumentException outside(int x, int y, int cropWidth, int cropHeight) {
    return new IllegalArgumentException(
        "crop of %dx%d at (%d,%d) does not lie inside %dx%d"
            .formatted(cropWidth, cropHeight, x, y, width, height));
  }
}
