package dev.fovea.jobs.support.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear scale with round ticks.
 *
 * @param low the first tick
 * @param high the last tick, above the first
 * @param step the distance of ticks: 1, 2 or 5 times a power of ten
 */
public record Axis(double low, double high, double step) {
  /**
   * @throws IllegalArgumentException if the numbers are not finite or in the wrong order
   */
  public Axis {
    if (!(low < high) || !(step > 0) || !Double.isFinite(high - low)) {
      throw new IllegalArgumentException("axis from %s to %s by %s".formatted(low, high, step));
    }
  }

  /**
   * The axis that covers the values; what is not finite is left out.
   *
   * @param ticks about how many distances between ticks
   */
  public static Axis covering(double smallest, double largest, int ticks) {
    double low = Double.isFinite(smallest) ? smallest : 0;
    double high = Double.isFinite(largest) ? Math.max(largest, low) : low;
    if (high - low <= 1e-9 * Math.max(1, Math.abs(low))) {
      double room = low == 0 ? 1 : Math.abs(low) * 0.05;
      low -= room;
      high += room;
    }
    double rough = (high - low) / ticks;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power * 10;
    for (double factor : new double[] {1, 2, 5}) {
      if (rough <= factor * power * 1.0000001) {
        step = factor * power;
        break;
      }
    }
    return new Axis(
        Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step, step);
  }

  /** Where a value lies between both ends, 0 to 1. */
  public double position(double value) {
    return (value - low) / (high - low);
  }

  /** The ticks from the lowest to the highest. */
  public List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    long count = Math.round((high - low) / step);
    for (long i = 0; i <= count; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  /** A tick in as few digits as tell it from the next. */
  public String label(double tick) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    if (largest >= 1e6 || largest < 1e-3) {
      return String.format(Locale.ROOT, "%.1e", tick);
    }
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    String label = String.format(Locale.ROOT, "%." + digits + "f", tick);
    return label.matches("-0(\\.0*)?") ? label.substring(1) : label;
  }
}
