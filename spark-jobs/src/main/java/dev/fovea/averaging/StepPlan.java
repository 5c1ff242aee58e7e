package dev.fovea.averaging;

import java.io.Serializable;
import java.util.List;

/**
 * One optimiser step: an accumulation group of mini-batches and the learning rate, so that a task
 * needs to know nothing of schedules and epochs.
 *
 * @param number the step's number in the run, counted from 1
 * @param learningRate above 0
 * @param batches the group, one or more mini-batches; the last group of an epoch may be incomplete
 */
public record StepPlan(long number, double learningRate, List<BatchPlan> batches)
    implements Serializable {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public StepPlan {
    batches = List.copyOf(batches);
    if (number < 1) {
      throw new IllegalArgumentException("step %d is not 1 or more".formatted(number));
    }
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "learning rate %s of step %d is not above 0".formatted(learningRate, number));
    }
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("step %d has no mini-batches".formatted(number));
    }
  }

  /** Samples of all its mini-batches. */
  public long samples() {
    return batches.stream().mapToLong(BatchPlan::samples).sum();
  }
}
