package dev.fovea.pictures.resample;

/**
 * Which samples of one axis make up each sample of the resized axis, and with which weights.
 * Immutable, so safe for use by several threads; computing them costs little more than using them
 * once.
 */
public final class AxisWeights {
  private final int inputSize;
  private final int taps;
  private final int[] first;
  private final float[] weights;

  private AxisWeights(int inputSize, int taps, int[] first, float[] weights) {
    this.inputSize = inputSize;
    this.taps = taps;
    this.first = first;
    this.weights = weights;
  }

  /**
   * PyTorch's {@code interpolate(..., antialias=True, align_corners=False)}, which torchvision's
   * resize uses: the kernel widened by the ratio when shrinking, cut at the borders and normalised.
   */
  public static AxisWeights pytorch(int inputSize, int outputSize, Kernel kernel) {
    return pytorch(inputSize, 0, inputSize, outputSize, kernel);
  }

  /**
   * {@link #pytorch(int, int, Kernel)} of a part of the axis that need not begin and end at whole
   * samples.
   *
   * @param start where the part begins, 0 or more
   * @param length of the part, at most to the end of the axis
   */
  public static AxisWeights pytorch(
      int inputSize, double start, double length, int outputSize, Kernel kernel) {
    checkSizes(inputSize, outputSize);
    double scale = length / outputSize;
    double widening = Math.max(scale, 1);
    double support = kernel.radius() * widening;
    int taps = Math.min(inputSize, 2 * (int) Math.ceil(support) + 1);
    int[] first = new int[outputSize];
    float[] weights = new float[outputSize * taps];
    double[] row = new double[taps];
    for (int i = 0; i < outputSize; i++) {
      double center = start + scale * (i + 0.5);
      int from = Math.max((int) (center - support + 0.5), 0);
      int count = Math.min(Math.min((int) (center + support + 0.5), inputSize) - from, taps);
      double sum = 0;
      for (int k = 0; k < count; k++) {
        row[k] = kernel.at((k + from - center + 0.5) / widening);
        sum += row[k];
      }
      store(first, weights, taps, inputSize, i, from, row, count, sum);
    }
    return new AxisWeights(inputSize, taps, first, weights);
  }

  /**
   * MATLAB's {@code imresize} with antialiasing: the kernel widened by the ratio when shrinking,
   * samples mirrored at the borders, which is folded into the weights here.
   */
  public static AxisWeights matlab(int inputSize, int outputSize, Kernel kernel) {
    checkSizes(inputSize, outputSize);
    double scale = (double) outputSize / inputSize;
    double widening = Math.max(1 / scale, 1);
    double kernelWidth = 2 * kernel.radius() * widening;
    int reach = (int) Math.ceil(kernelWidth) + 2;
    int taps = Math.min(inputSize, reach);
    int[] first = new int[outputSize];
    float[] weights = new float[outputSize * taps];
    double[] raw = new double[reach];
    int[] index = new int[reach];
    double[] row = new double[taps];
    for (int i = 0; i < outputSize; i++) {
      // MATLAB counts from 1: u = x / scale + (1 - 1 / scale) / 2 with x = i + 1.
      double center = (i + 1) / scale + 0.5 * (1 - 1 / scale);
      int left = (int) Math.floor(center - kernelWidth / 2);
      double sum = 0;
      int from = Integer.MAX_VALUE;
      for (int k = 0; k < reach; k++) {
        raw[k] = kernel.at((center - (left + k)) / widening);
        index[k] = mirrored(left + k - 1, inputSize);
        sum += raw[k];
        if (raw[k] != 0) {
          from = Math.min(from, index[k]);
        }
      }
      java.util.Arrays.fill(row, 0);
      for (int k = 0; k < reach; k++) {
        if (raw[k] != 0) {
          row[index[k] - from] += raw[k];
        }
      }
      store(first, weights, taps, inputSize, i, from, row, taps, sum);
    }
    return new AxisWeights(inputSize, taps, first, weights);
  }

  /** Length of the axis before. */
  public int inputSize() {
    return inputSize;
  }

  /** Length of the axis after. */
  public int outputSize() {
    return first.length;
  }

  /** Weights per output sample; unused ones are 0. */
  int taps() {
    return taps;
  }

  /** Index of the first weighted input sample of an output sample; all its taps lie inside. */
  int first(int output) {
    return first[output];
  }

  /** {@code taps()} weights per output sample. */
  float[] weights() {
    return weights;
  }

  private static void store(
      int[] first,
      float[] weights,
      int taps,
      int inputSize,
      int output,
      int from,
      double[] row,
      int count,
      double sum) {
    // Start early enough that all taps lie inside, so that the loops need no bounds of their own.
    int start = Math.min(from, inputSize - taps);
    first[output] = start;
    for (int k = 0; k < count && from - start + k < taps; k++) {
      weights[output * taps + from - start + k] = (float) (row[k] / sum);
    }
  }

  /** The index on a line that is mirrored at both ends, as often as needed. */
  private static int mirrored(int index, int size) {
    int wrapped = Math.floorMod(index, 2 * size);
    return wrapped < size ? wrapped : 2 * size - 1 - wrapped;
  }

  private static void checkSizes(int inputSize, int outputSize) {
    if (inputSize < 1 || outputSize < 1) {
      throw new IllegalArgumentException(
          "cannot resize an axis of %d to %d: both must be 1 or more"
              .formatted(inputSize, outputSize));
    }
  }
}
