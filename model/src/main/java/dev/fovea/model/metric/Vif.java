package dev.fovea.model.metric;

/**
 * Visual information fidelity in the pixel domain, VIFp (Sheikh and Bovik, 2006): four scales,
 * noise variance 2 on samples of 0 to 255, mean over channels; as torchmetrics computes it for such
 * samples.
 */
public final class Vif {
  /** Pixels that a picture needs on each side, for a window at the fourth scale. */
  public static final int MINIMUM_SIZE = 41;

  private static final int SCALES = 4;
  private static final double NOISE_VARIANCE = 2;
  private static final double EPSILON = 1e-10;

  private Vif() {}

  /**
   * The information about the reference that the prediction keeps; samples are scaled to 0..255.
   *
   * @return 1 for equal pictures, 0 for unrelated ones, above 1 where the prediction has more
   *     contrast. A flat reference has no information that could be lost, so its channel counts as
   *     1
   * @throws IllegalArgumentException if shapes or peaks differ, or the pictures are too small
   */
  public static double of(Raster prediction, Raster reference) {
    return of(prediction, reference, 255 / reference.peak());
  }

  static double of(Raster prediction, Raster reference, double scale) {
    Raster.requireComparable("VIF", prediction, reference, MINIMUM_SIZE);
    int height = reference.height();
    int width = reference.width();
    double sum = 0;
    for (int channel = 0; channel < reference.channels(); channel++) {
      int offset = channel * height * width;
      sum +=
          ofChannel(
              new Plane(prediction.samples(), offset, height, width),
              new Plane(reference.samples(), offset, height, width),
              scale);
    }
    return sum / reference.channels();
  }

  private static double ofChannel(Plane prediction, Plane reference, double scale) {
    Information information = new Information();
    for (int level = 0; level < SCALES; level++) {
      int size = (1 << (SCALES - level)) + 1;
      GaussianWindow window = new GaussianWindow(size, size / 5.0);
      if (level > 0) {
        prediction = window.halved(prediction);
        reference = window.halved(reference);
      }
      window.scan(prediction, reference, scale, information);
    }
    return information.inReference == 0 ? 1 : information.kept / information.inReference;
  }

  /** Sums the information of all windows and scales, in nats: the ratio has no unit. */
  private static final class Information implements GaussianWindow.Row {
    private double kept;
    private double inReference;

    @Override
    public void accept(GaussianWindow.Moments row) {
      double rowKept = 0;
      double rowInReference = 0;
      for (int x = 0; x < row.length; x++) {
        double meanA = row.meanA[x];
        double meanB = row.meanB[x];
        double predicted = Math.max(0, row.squareA[x] - meanA * meanA);
        double original = Math.max(0, row.squareB[x] - meanB * meanB);
        double covariance = row.product[x] - meanA * meanB;
        if (original < EPSILON) {
          continue;
        }
        rowInReference += Math.log1p(original / NOISE_VARIANCE);
        double gain = covariance / (original + EPSILON);
        if (predicted < EPSILON || gain < 0) {
          continue;
        }
        double distortion = Math.max(EPSILON, predicted - gain * covariance);
        rowKept += Math.log1p(gain * gain * original / (distortion + NOISE_VARIANCE));
      }
      kept += rowKept;
      inReference += rowInReference;
    }
  }
}
