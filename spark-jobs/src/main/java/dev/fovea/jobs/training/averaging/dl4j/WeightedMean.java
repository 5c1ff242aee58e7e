package dev.fovea.jobs.training.averaging.dl4j;

import java.util.Arrays;

/**
 * The mean of fp32 vectors, summed in the order of their coming and in double precision, and
 * rounded once. Of one vector, or of equal ones, it is that vector to the bit: an fp32 value times
 * a weight below 2^29 is exact in double, and so is its quotient. Not thread-safe.
 */
final class WeightedMean {
  private final double[] sums;
  private long weight;

  /** Of no vectors yet, all of that length. */
  WeightedMean(int length) {
    sums = new double[length];
    // Not +0, to which no sum adds up to -0.
    Arrays.fill(sums, -0.0);
  }

  /** Adds one, of a weight above 0. */
  void add(float[] vector, long weightOfVector) {
    if (vector.length != sums.length) {
      throw new IllegalArgumentException(
          "a vector of %d numbers is not one of %d".formatted(vector.length, sums.length));
    }
    double factor = weightOfVector;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * vector[i];
    }
    weight += weightOfVector;
  }

  /** The weights' sum. */
  long weight() {
    return weight;
  }

  /** The mean of one vector or more. */
  float[] values() {
    double total = weight;
    float[] mean = new float[sums.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sums[i] / total);
    }
    return mean;
  }
}
