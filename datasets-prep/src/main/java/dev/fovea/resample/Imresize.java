package dev.fovea.resample;

import dev.fovea.picture.Planes;

/**
 * Resizes as MATLAB's {@code imresize(A, [height width], 'bicubic')} does on floating-point
 * samples: a = -0.5, antialiased when shrinking, borders mirrored. The literature's bicubic: its
 * baselines and its low-resolution pictures are made with it.
 */
public final class Imresize {
  private Imresize() {}

  /**
   * Resizes without clamping and rounding; see {@link Planes#quantized()}.
   *
   * @param height rows of the result, 1 or more
   * @param width columns of the result, 1 or more
   */
  public static Planes bicubic(Planes planes, int height, int width) {
    return Resampler.resized(
        planes,
        AxisWeights.matlab(planes.height(), height, Kernel.BICUBIC),
        AxisWeights.matlab(planes.width(), width, Kernel.BICUBIC));
  }
}
