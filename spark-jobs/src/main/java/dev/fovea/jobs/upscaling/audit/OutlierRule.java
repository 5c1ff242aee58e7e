package dev.fovea.jobs.upscaling.audit;

import java.util.Arrays;

/**
 * Tells outputs that do not show their inputs from those that do.
 *
 * <p>How well back-projections agree depends on the network and on the format, and is the same for
 * all pictures of a run. So a run's own median and spread (median absolute deviation) say what is
 * usual, and what lies far above is an outlier. On photographs upscaled four times by a trained
 * network the median is about 0 dB, 99.9 % lie below 4.5 dB, and a tile exchanged for another or
 * moved by a pixel of the input lies above 8 dB unless it looks the same.
 */
public final class OutlierRule {
  /** dB above the median. */
  private static final double MARGIN = 6;

  /** Spreads above the median. */
  private static final double SPREADS = 6;

  /** Of a normal distribution, the standard deviation in median absolute deviations. */
  private static final double NORMAL = 1.4826;

  /** Fewer pictures say nothing of what is usual. */
  private static final int FEWEST = 20;

  private static final double WITHOUT_OTHERS = 12;

  private final double threshold;

  private OutlierRule(double threshold) {
    this.threshold = threshold;
  }

  /**
   * The rule for a run.
   *
   * @param worst {@link AuditFigures#worst()} of all its pictures
   */
  public static OutlierRule of(double[] worst) {
    if (worst.length < FEWEST) {
      return new OutlierRule(WITHOUT_OTHERS);
    }
    double median = median(worst);
    double[] deviations = Arrays.stream(worst).map(value -> Math.abs(value - median)).toArray();
    double spread = NORMAL * median(deviations);
    return new OutlierRule(Math.max(0, median) + Math.max(MARGIN, SPREADS * spread));
  }

  /** dB from which on a worst window makes an outlier. */
  public double threshold() {
    return threshold;
  }

  public boolean flags(double worst, String channels) {
    return worst >= threshold || !(channels.equals("rgb") || channels.equals("grey"));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
