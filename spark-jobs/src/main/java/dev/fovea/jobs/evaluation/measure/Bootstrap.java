package dev.fovea.jobs.evaluation.measure;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap (Efron, 1979) of a mean over pictures: the pictures are drawn anew with
 * replacement many times, and the middle 95 % of the means are the confidence interval. The same
 * seed and values give the same interval.
 *
 * @param seed where the draws come from
 * @param resamples how often the pictures are drawn anew, 100 or more
 */
public record Bootstrap(long seed, int resamples) {
  /** Enough for the interval's ends to settle to the figures printed. */
  public static final int DEFAULT_RESAMPLES = 10_000;

  /** Draws that one interval may cost; with more pictures than this allows, fewer resamples do. */
  private static final long DRAWS = 200_000_000;

  private static final int FEWEST_RESAMPLES = 100;

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Bootstrap {
    if (resamples < FEWEST_RESAMPLES) {
      throw new IllegalArgumentException(
          "number of resamples %d is not %d or more".formatted(resamples, FEWEST_RESAMPLES));
    }
  }

  public static Bootstrap of(long seed) {
    return new Bootstrap(seed, DEFAULT_RESAMPLES);
  }

  /**
   * The mean of the values and its 95 % confidence interval.
   *
   * @param values one value a picture, such as the difference of two models' PSNR; not empty
   * @throws IllegalArgumentException if there are no values
   */
  public Estimate mean(double[] values) {
    int n = values.length;
    if (n == 0) {
      throw new IllegalArgumentException("there are no values to take the mean of");
    }
    double mean = Arrays.stream(values).sum() / n;
    int draws = (int) Math.max(FEWEST_RESAMPLES, Math.min(resamples, DRAWS / n));
    double[] means = new double[draws];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < draws; i++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += values[random.nextInt(n)];
      }
      means[i] = sum / n;
    }
    Arrays.sort(means);
    return new Estimate(mean, new Interval(quantile(means, 0.025), quantile(means, 0.975)));
  }

  /** Linear interpolation between the order statistics, as NumPy's default. */
  private static double quantile(double[] sorted, double q) {
    double position = q * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /** A mean and where it lies with a confidence of 95 %. */
  public record Estimate(double mean, Interval ci95) {}
}
