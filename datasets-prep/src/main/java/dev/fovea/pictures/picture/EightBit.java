package dev.fovea.pictures.picture;

/** The 256 values of 8 bits on 0..1. */
final class EightBit {
  /** {@code VALUES[k] = k / 255}, the division PyTorch's to_tensor does. */
  static final float[] VALUES = new float[256];

  static {
    for (int i = 0; i < 256; i++) {
      VALUES[i] = i / 255f;
    }
  }

  private EightBit() {}

  /** Rounds half up after clamping; NaN is 0. */
  static int round(float value) {
    float scaled = value * 255f + 0.5f;
    return scaled >= 255f ? 255 : scaled > 0f ? (int) scaled : 0;
  }
}
