package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.UsageException;
import java.util.List;
import java.util.stream.Collectors;

/** Checks of option values whose messages name the option, the value and what is allowed. */
final class Require {
  private Require() {}

  static void atLeast(String option, double value, double least) {
    check(option, value, value >= least, number(least) + " or more is allowed");
  }

  static void above(String option, double value, double bound) {
    check(
        option,
        value,
        value > bound && !Double.isInfinite(value),
        "a number above %s is allowed".formatted(number(bound)));
  }

  static void below(String option, double value, double bound) {
    check(
        option,
        value,
        value < bound && !Double.isInfinite(value),
        "a number below %s is allowed".formatted(number(bound)));
  }

  static void within(String option, double value, double least, double most) {
    check(
        option,
        value,
        value >= least && value <= most,
        "%s to %s is allowed".formatted(number(least), number(most)));
  }

  static void oneOf(String option, int value, List<Integer> allowed) {
    String list = allowed.stream().map(String::valueOf).collect(Collectors.joining(", "));
    check(option, value, allowed.contains(value), "one of %s is allowed".formatted(list));
  }

  private static void check(String option, double value, boolean fulfilled, String allowed) {
    if (!fulfilled) {
      throw new UsageException(option, number(value), allowed);
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
