package dev.fovea.jobs.training.loop;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How long a run goes on: until the first of its limits is reached.
 *
 * @param epochs epochs at most, 1 or more
 * @param maxSteps optimiser steps at most, 1 or more
 * @param maxMinutes minutes of training at most, above 0, counted over all parts of a resumed run
 */
public record Budget(int epochs, OptionalLong maxSteps, OptionalDouble maxMinutes) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Budget {
    if (epochs < 1) {
      throw new IllegalArgumentException("number of epochs %d is not 1 or more".formatted(epochs));
    }
    if (maxSteps.isPresent() && maxSteps.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "maximal steps %d are not 1 or more".formatted(maxSteps.getAsLong()));
    }
    if (maxMinutes.isPresent() && !(maxMinutes.getAsDouble() > 0)) {
      throw new IllegalArgumentException(
          "maximal minutes %s are not above 0".formatted(maxMinutes.getAsDouble()));
    }
  }

  /** Steps of a whole run of epochs of the given length. */
  public long plannedSteps(long stepsPerEpoch) {
    return plannedSteps(0, 0, stepsPerEpoch);
  }

  /**
   * Steps of a whole run, of which some epochs lie behind. They may have been of another length,
   * with other pictures or batches; what is left is counted in epochs.
   *
   * @param epochsBehind whole epochs that lie behind
   * @param stepsBehind optimiser steps of these
   * @param stepsPerEpoch optimiser steps of each epoch that is left
   */
  public long plannedSteps(int epochsBehind, long stepsBehind, long stepsPerEpoch) {
    long left = Math.multiplyExact(Math.max(0, epochs - epochsBehind), stepsPerEpoch);
    long all = Math.addExact(stepsBehind, left);
    return maxSteps.isPresent() ? Math.min(all, maxSteps.getAsLong()) : all;
  }

  /**
   * Whether nothing is left after this many steps and minutes.
   *
   * @param planned steps of the whole run
   */
  public boolean exhausted(long steps, long planned, double minutes) {
    return steps >= planned || (maxMinutes.isPresent() && minutes >= maxMinutes.getAsDouble());
  }

  /** Seconds until the minutes are used up; infinite where they are not limited. */
  public double secondsLeft(double minutes) {
    return maxMinutes.isPresent()
        ? 60 * (maxMinutes.getAsDouble() - minutes)
        : Double.POSITIVE_INFINITY;
  }

  /**
   * The share of the run that lies behind, 0 to 1: by steps, or by minutes where those will run out
   * first. Without a limit in minutes it depends on the steps alone, so that runs can be repeated.
   *
   * @param planned steps of the whole run
   */
  public double progress(long steps, long planned, double minutes) {
    double bySteps = (double) steps / planned;
    double byMinutes = maxMinutes.isPresent() ? minutes / maxMinutes.getAsDouble() : 0;
    return Math.min(1, Math.max(bySteps, byMinutes));
  }
}
