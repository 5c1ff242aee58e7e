package dev.fovea.jobs.training.averaging;

import java.io.Serializable;
import java.util.List;

/**
 * One optimiser step: an accumulation group of mini-batches and what to do with it.
 *
 * @param number the step's number in the run, counted from 1
 * @param instruction what the step trains, and its learning rates
 * @param batches the group, one or more mini-batches; the last group of an epoch may be incomplete
 */
public record StepPlan(long number, Instruction instruction, List<BatchPlan> batches)
    implements Serializable {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public StepPlan {
    batches = List.copyOf(batches);
    if (number < 1) {
      throw new IllegalArgumentException("step %d is not 1 or more".formatted(number));
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
