package dev.fovea.model.metric;

/** Peak signal-to-noise ratio in dB, the mean squared error taken over all channels. */
public final class Psnr {
  private Psnr() {}

  /**
   * 10 log10(peak^2 / MSE).
   *
   * @return the ratio, infinite for equal pictures
   * @throws IllegalArgumentException if shapes or peaks differ
   */
  public static double of(Raster prediction, Raster reference) {
    Raster.requireComparable("PSNR", prediction, reference, 1);
    float[] a = prediction.samples();
    float[] b = reference.samples();
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    double peak = reference.peak();
    return 10 * Math.log10(peak * peak * a.length / sum);
  }
}
