package dev.fovea.pictures.resample;

import dev.fovea.pictures.picture.Planes;

/** What a filter does to its results after each of its two directions. */
public enum Rounding {
  /** Leaves floats as they are. */
  NONE {
    @Override
    void apply(float[] samples, int offset, int length) {}
  },
  /** Clamps to 0..1 and rounds to 8 bits, as MATLAB's {@code imresize} does on {@code uint8}. */
  EIGHT_BIT {
    @Override
    void apply(float[] samples, int offset, int length) {
      Planes.quantize(samples, offset, length);
    }
  };

  abstract void apply(float[] samples, int offset, int length);
}
