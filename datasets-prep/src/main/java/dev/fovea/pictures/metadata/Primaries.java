package dev.fovea.pictures.metadata;

import java.util.Optional;

/**
 * The chromaticities of white and of the three colours, x and y in turn, in the order of PNG's
 * cHRM: white, red, green, blue.
 */
@SuppressWarnings("ArrayRecordComponent") // Made here, and seen by nobody else.
record Primaries(double[] xy) {
  private static final double[] D65 = {0.3127, 0.3290};
  private static final double[] C = {0.310, 0.316};
  static final double[] D50 = {0.9642, 1, 0.8249};

  /** The white that a projector's lamp has. */
  private static final double[] THEATRE = {0.314, 0.351};

  static final Primaries SRGB = of(D65, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060);

  private static final double[][] BRADFORD = {
    {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}
  };

  /** Larger entries do not fit into a profile, and mean nothing. */
  private static final double LARGEST = 100;

  private static Primaries of(double[] white, double... rgb) {
    double[] xy = new double[8];
    System.arraycopy(white, 0, xy, 0, 2);
    System.arraycopy(rgb, 0, xy, 2, 6);
    return new Primaries(xy);
  }

  /** By the codes of ITU-T H.273. */
  static Optional<Primaries> ofCode(int code) {
    return Optional.ofNullable(
        switch (code) {
          case 1 -> SRGB;
          case 4 -> of(C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08);
          case 5 -> of(D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06);
          case 6, 7 -> of(D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070);
          case 9 -> of(D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046);
          case 11 -> of(THEATRE, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060);
          case 12 -> of(D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060);
          case 22 -> of(D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077);
          default -> null;
        });
  }

  boolean isNear(Primaries other, double distance) {
    for (int i = 0; i < 8; i++) {
      if (Math.abs(xy[i] - other.xy[i]) > distance) {
        return false;
      }
    }
    return true;
  }

  /** Whether they span colours at all. */
  boolean possible() {
    for (double[] row : toD50()) {
      for (double entry : row) {
        if (!(Math.abs(entry) < LARGEST)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The matrix from linear RGB to XYZ under D50, adapted by Bradford's transform. */
  double[][] toD50() {
    double[][] colours = new double[3][3];
    for (int i = 0; i < 3; i++) {
      double[] colour = xyz(i + 1);
      for (int row = 0; row < 3; row++) {
        colours[row][i] = colour[row];
      }
    }
    double[] white = times(inverse(colours), xyz(0));
    for (double[] row : colours) {
      for (int i = 0; i < 3; i++) {
        row[i] *= white[i];
      }
    }
    return times(adaptation(), colours);
  }

  /** From XYZ under this white to XYZ under D50. */
  double[][] adaptation() {
    double[] from = times(BRADFORD, xyz(0));
    double[] to = times(BRADFORD, D50);
    double[][] scaled = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int i = 0; i < 3; i++) {
        scaled[row][i] = BRADFORD[row][i] * to[row] / from[row];
      }
    }
    return times(inverse(BRADFORD), scaled);
  }

  private double[] xyz(int index) {
    double x = xy[2 * index];
    double y = xy[2 * index + 1];
    return new double[] {x / y, 1, (1 - x - y) / y};
  }

  private static double[] times(double[][] a, double[] v) {
    double[] product = new double[3];
    for (int row = 0; row < 3; row++) {
      product[row] = a[row][0] * v[0] + a[row][1] * v[1] + a[row][2] * v[2];
    }
    return product;
  }

  private static double[][] times(double[][] a, double[][] b) {
    double[][] product = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int i = 0; i < 3; i++) {
        product[row][i] = a[row][0] * b[0][i] + a[row][1] * b[1][i] + a[row][2] * b[2][i];
      }
    }
    return product;
  }

  /** By cofactors; not finite where there is none. */
  private static double[][] inverse(double[][] m) {
    double[][] inverse = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int i = 0; i < 3; i++) {
        int a = (i + 1) % 3;
        int b = (i + 2) % 3;
        int c = (row + 1) % 3;
        int d = (row + 2) % 3;
        inverse[row][i] = m[a][c] * m[b][d] - m[a][d] * m[b][c];
      }
    }
    double determinant =
        m[0][0] * inverse[0][0] + m[0][1] * inverse[1][0] + m[0][2] * inverse[2][0];
    for (double[] row : inverse) {
      for (int i = 0; i < 3; i++) {
        row[i] /= determinant;
      }
    }
    return inverse;
  }
}
