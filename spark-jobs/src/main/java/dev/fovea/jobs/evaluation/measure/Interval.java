package dev.fovea.jobs.evaluation.measure;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A closed interval; an array of two numbers in JSON. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"low", "high"})
public record Interval(double low, double high) {
  /**
   * @throws IllegalArgumentException if the ends are not finite or in the wrong order
   */
  public Interval {
    if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new IllegalArgumentException("[%s, %s] is not an interval".formatted(low, high));
    }
  }
}
