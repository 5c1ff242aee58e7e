package dev.fovea.jobs.runs.record;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;

/**
 * One figure of a run.
 *
 * @param step optimiser steps done when it was taken, 0 or more
 * @param epoch epochs begun when it was taken, 0 or more
 * @param name what was measured, such as {@code train/loss}
 * @param value the figure, in the unit its name implies; never infinite or NaN
 * @param time when it was taken, ISO 8601 in UTC
 */
@JsonPropertyOrder({"step", "epoch", "name", "value", "time"})
public record RunEvent(long step, long epoch, String name, double value, String time) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public RunEvent {
    if (step < 0 || epoch < 0) {
      throw new IllegalArgumentException(
          "step %d or epoch %d of %s is below 0".formatted(step, epoch, name));
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("%s is %s, not a finite number".formatted(name, value));
    }
    Instant.parse(time);
  }
}
