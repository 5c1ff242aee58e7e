package dev.fovea.averaging;

import dev.fovea.host.HostCopy;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mean of the workers' flat vectors, summed in their order and in double precision. Of one
 * vector, or of equal ones, it is that vector to the bit: an fp32 value times a weight below 2^29
 * is exact in double, and so is its quotient.
 */
final class WeightedMean {
  private static final int CHUNK = 1 << 14;

  private WeightedMean() {}

  /**
   * The mean.
   *
   * @param vectors one or more of the same shape, fp32
   * @param weights one for each, above 0
   */
  static INDArray of(List<INDArray> vectors, long[] weights) {
    INDArray first = vectors.get(0);
    int length = Math.toIntExact(first.length());
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      require(vectors.get(i), length);
      total += weights[i];
    }
    float[] mean = new float[length];
    float[] values = new float[CHUNK];
    double[] sums = new double[CHUNK];
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      // Not +0, to which no sum adds up to -0.
      Arrays.fill(sums, -0.0);
      for (int i = 0; i < weights.length; i++) {
        HostCopy.read(vectors.get(i), from, count, values);
        double weight = weights[i];
        for (int j = 0; j < count; j++) {
          sums[j] += weight * values[j];
        }
      }
      for (int j = 0; j < count; j++) {
        mean[from + j] = (float) (sums[j] / total);
      }
    }
    return Nd4j.createFromArray(mean).reshape('c', first.shape());
  }

  /** Whether every value is a finite number. */
  static boolean finite(INDArray vector) {
    int length = Math.toIntExact(vector.length());
    require(vector, length);
    float[] chunk = new float[CHUNK];
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      HostCopy.read(vector, from, count, chunk);
      for (int j = 0; j < count; j++) {
        if (!Float.isFinite(chunk[j])) {
          return false;
        }
      }
    }
    return true;
  }

  private static void require(INDArray vector, int length) {
    if (vector.dataType() != DataType.FLOAT || vector.length() != length) {
      throw new IllegalArgumentException(
          "vector of %d %s is not one of %d FLOAT"
              .formatted(vector.length(), vector.dataType(), length));
    }
  }
}
