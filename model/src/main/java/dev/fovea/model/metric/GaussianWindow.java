package dev.fovea.model.metric;

/**
 * A normalised square Gaussian window, applied separably and only where it lies inside the picture.
 * Works row by row in double precision, so that its memory grows with the picture's width alone.
 */
final class GaussianWindow {
  private final double[] weights;

  /**
   * @param size odd number of pixels on each side
   */
  GaussianWindow(int size, double sigma) {
    weights = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      double distance = i - (size - 1) / 2.0;
      weights[i] = Math.exp(-distance * distance / (2 * sigma * sigma));
      sum += weights[i];
    }
    for (int i = 0; i < size; i++) {
      weights[i] /= sum;
    }
  }

  /** The weighted moments of all windows in one row; valid during the call only. */
  static final class Moments {
    final int length;
    final double[] meanA;
    final double[] meanB;
    final double[] squareA;
    final double[] squareB;
    final double[] product;

    private Moments(int length) {
      this.length = length;
      meanA = new double[length];
      meanB = new double[length];
      squareA = new double[length];
      squareB = new double[length];
      product = new double[length];
    }

    private double[][] all() {
      return new double[][] {meanA, meanB, squareA, squareB, product};
    }
  }

  /** Takes the moments of one row of windows. */
  interface Row {
    void accept(Moments row);
  }

  /**
   * Computes the moments of two equally large planes, rows from top to bottom.
   *
   * @param scale multiplies every sample first
   */
  void scan(Plane a, Plane b, double scale, Row row) {
    int size = weights.length;
    int width = a.width();
    int length = width - size + 1;
    Moments result = new Moments(length);
    double[][] sums = result.all();
    double[][][] ring = new double[size][sums.length][length];
    double[][] line = new double[sums.length][width];
    for (int y = 0; y < a.height(); y++) {
      load(a, y, scale, line[0]);
      load(b, y, scale, line[1]);
      multiply(line[0], line[0], line[2]);
      multiply(line[1], line[1], line[3]);
      multiply(line[0], line[1], line[4]);
      for (int moment = 0; moment < sums.length; moment++) {
        across(line[moment], ring[y % size][moment]);
      }
      if (y >= size - 1) {
        for (int moment = 0; moment < sums.length; moment++) {
          down(ring, moment, y + 1, sums[moment]);
        }
        row.accept(result);
      }
    }
  }

  /** The smoothed plane at every second pixel of every second row. */
  Plane halved(Plane plane) {
    int size = weights.length;
    int length = plane.width() - size + 1;
    int width = (length + 1) / 2;
    int height = (plane.height() - size + 2) / 2;
    float[] samples = new float[height * width];
    double[][][] ring = new double[size][1][length];
    double[] line = new double[plane.width()];
    double[] smooth = new double[length];
    for (int y = 0; y < plane.height(); y++) {
      load(plane, y, 1, line);
      across(line, ring[y % size][0]);
      int top = y - (size - 1);
      if (top >= 0 && top % 2 == 0) {
        down(ring, 0, y + 1, smooth);
        for (int x = 0; x < width; x++) {
          samples[top / 2 * width + x] = (float) smooth[2 * x];
        }
      }
    }
    return new Plane(samples, 0, height, width);
  }

  private static void load(Plane plane, int y, double scale, double[] line) {
    float[] samples = plane.samples();
    int start = plane.offset() + y * plane.width();
    for (int x = 0; x < line.length; x++) {
      line[x] = samples[start + x] * scale;
    }
  }

  private static void multiply(double[] a, double[] b, double[] product) {
    for (int x = 0; x < product.length; x++) {
      product[x] = a[x] * b[x];
    }
  }

  private void across(double[] line, double[] result) {
    int last = weights.length - 1;
    double centre = weights[last / 2];
    for (int x = 0; x < result.length; x++) {
      result[x] = centre * line[x + last / 2];
    }
    for (int i = 0; i < last / 2; i++) {
      double weight = weights[i];
      int mirrored = last - i;
      for (int x = 0; x < result.length; x++) {
        result[x] += weight * (line[x + i] + line[x + mirrored]);
      }
    }
  }

  /** Weighs the last rows of the ring, of which {@code next % size} is the oldest. */
  private void down(double[][][] ring, int moment, int next, double[] result) {
    int size = weights.length;
    int last = size - 1;
    double centre = weights[last / 2];
    double[] middle = ring[(next + last / 2) % size][moment];
    for (int x = 0; x < result.length; x++) {
      result[x] = centre * middle[x];
    }
    for (int i = 0; i < last / 2; i++) {
      double weight = weights[i];
      double[] upper = ring[(next + i) % size][moment];
      double[] lower = ring[(next + last - i) % size][moment];
      for (int x = 0; x < result.length; x++) {
        result[x] += weight * (upper[x] + lower[x]);
      }
    }
  }
}
