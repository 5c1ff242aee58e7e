package dev.fovea.model.metric;

/**
 * Structural similarity (Wang, Bovik, Sheikh and Simoncelli, 2004): Gaussian window of 11x11 with
 * sigma 1.5, K1 = 0.01, K2 = 0.03, only windows that lie inside the picture, mean over channels.
 */
public final class Ssim {
  /** Pixels that a picture needs on each side. */
  public static final int MINIMUM_SIZE = 11;

  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;

  private Ssim() {}

  /**
   * The mean structural similarity.
   *
   * @return 1 for equal pictures, less for others
   * @throws IllegalArgumentException if shapes or peaks differ, or the pictures are too small
   */
  public static double of(Raster prediction, Raster reference) {
    Raster.requireComparable("SSIM", prediction, reference, MINIMUM_SIZE);
    int height = reference.height();
    int width = reference.width();
    GaussianWindow window = new GaussianWindow(MINIMUM_SIZE, 1.5);
    RowSum sum = new RowSum();
    for (int channel = 0; channel < reference.channels(); channel++) {
      window.scan(
          new Plane(prediction.samples(), channel * height * width, height, width),
          new Plane(reference.samples(), channel * height * width, height, width),
          1 / reference.peak(),
          sum);
    }
    return sum.total / sum.windows;
  }

  private static final class RowSum implements GaussianWindow.Row {
    private double total;
    private long windows;

    @Override
    public void accept(GaussianWindow.Moments row) {
      double rowTotal = 0;
      for (int x = 0; x < row.length; x++) {
        double meanA = row.meanA[x];
        double meanB = row.meanB[x];
        double varianceA = Math.max(0, row.squareA[x] - meanA * meanA);
        double varianceB = Math.max(0, row.squareB[x] - meanB * meanB);
        double covariance = row.product[x] - meanA * meanB;
        rowTotal +=
            (2 * meanA * meanB + C1)
                * (2 * covariance + C2)
                / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
      }
      total += rowTotal;
      windows += row.length;
    }
  }
}
