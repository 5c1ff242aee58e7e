package dev.fovea.averaging;

import java.nio.FloatBuffer;
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
    FloatBuffer[] sources = new FloatBuffer[vectors.size()];
    double total = 0;
    for (int i = 0; i < sources.length; i++) {
      sources[i] = floats(vectors.get(i), length);
      total += weights[i];
    }
    float[] mean = new float[length];
    float[] values = new float[CHUNK];
    double[] sums = new double[CHUNK];
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      Arrays.fill(sums, 0);
      for (int i = 0; i < sources.length; i++) {
        sources[i].get(values, 0, count);
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
    FloatBuffer values = floats(vector, Math.toIntExact(vector.length()));
    float[] chunk = new float[CHUNK];
    while (values.hasRemaining()) {
      int count = Math.min(CHUNK, values.remaining());
      values.get(chunk, 0, count);
      for (int j = 0; j < count; j++) {
        if (!Float.isFinite(chunk[j])) {
          return false;
        }
      }
    }
    return true;
  }

  private static FloatBuffer floats(INDArray vector, int length) {
    if (vector.dataType() != DataType.FLOAT || vector.length() != length) {
      throw new IllegalArgumentException(
          "vector of %d %s is not one of %d FLOAT"
              .formatted(vector.length(), vector.dataType(), length));
    }
    return vector.dup('c').data().asNioFloat().slice().limit(length);
  }
}
