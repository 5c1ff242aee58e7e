package dev.fovea.pictures.resample;

import dev.fovea.pictures.picture.Planes;

/** Resizes as torchvision does with {@code antialias=True}. */
public final class Resampler {
  private Resampler() {}

  /**
   * Resizes without clamping: bicubic results may leave 0..1, as in PyTorch.
   *
   * @param height rows of the result, 1 or more
   * @param width columns of the result, 1 or more
   */
  public static Planes antialiased(Planes planes, int height, int width, Kernel kernel) {
    return resized(
        planes,
        AxisWeights.pytorch(planes.height(), height, kernel),
        AxisWeights.pytorch(planes.width(), width, kernel),
        Rounding.NONE);
  }

  /**
   * Resizes a rectangle that need not begin and end at whole pixels.
   *
   * @param x where it begins, in pixels
   * @param y likewise
   * @param partWidth its width in pixels, at most to the right border
   * @param partHeight its height in pixels, at most to the lower border
   */
  public static Planes antialiasedPart(
      Planes planes,
      double x,
      double y,
      double partWidth,
      double partHeight,
      int height,
      int width,
      Kernel kernel) {
    return resized(
        planes,
        AxisWeights.pytorch(planes.height(), y, partHeight, height, kernel),
        AxisWeights.pytorch(planes.width(), x, partWidth, width, kernel),
        Rounding.NONE);
  }

  static Planes resized(
      Planes planes, AxisWeights vertical, AxisWeights horizontal, Rounding rounding) {
    Planes result = Planes.zeros(planes.channels(), vertical.outputSize(), horizontal.outputSize());
    new SeparableFilter()
        .apply(
            planes.samples(),
            0,
            planes.channels(),
            vertical,
            horizontal,
            rounding,
            result.samples(),
            0);
    return result;
  }
}
