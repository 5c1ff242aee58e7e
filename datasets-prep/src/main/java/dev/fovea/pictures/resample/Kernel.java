package dev.fovea.pictures.resample;

/** Interpolation kernels. */
public enum Kernel {
  /** The triangle of radius 1. */
  BILINEAR(1) {
    @Override
    double at(double x) {
      double distance = Math.abs(x);
      return distance < 1 ? 1 - distance : 0;
    }
  },
  /** Keys' cubic of radius 2 with a = -0.5, as MATLAB and PyTorch's antialiased bicubic use. */
  BICUBIC(2) {
    @Override
    double at(double x) {
      double d = Math.abs(x);
      if (d < 1) {
        return (1.5 * d - 2.5) * d * d + 1;
      }
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    }
  };

  private final int radius;

  Kernel(int radius) {
    this.radius = radius;
  }

  /** Distance from which on the kernel is zero. */
  int radius() {
    return radius;
  }

  abstract double at(double x);
}
