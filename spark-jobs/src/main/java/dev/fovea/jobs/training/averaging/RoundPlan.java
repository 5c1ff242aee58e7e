package dev.fovea.jobs.training.averaging;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of one averaging round, cut into one contiguous run per worker. Runs differ by one step
 * at most, the longer ones first; with fewer steps than workers fewer workers take part.
 *
 * @param runs one non-empty run per worker that takes part
 */
public record RoundPlan(List<List<StepPlan>> runs) {
  /**
   * @throws IllegalArgumentException if there is no run or an empty one
   */
  public RoundPlan {
    runs = runs.stream().map(List::copyOf).toList();
    if (runs.isEmpty() || runs.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("a round without steps cannot be run");
    }
  }

  /**
   * Cuts the steps of a round.
   *
   * @param steps one or more, in order
   * @param workers 1 or more
   */
  public static RoundPlan cut(List<StepPlan> steps, int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException(
          "number of workers %d is not 1 or more".formatted(workers));
    }
    int taking = Math.min(workers, steps.size());
    List<List<StepPlan>> runs = new ArrayList<>(taking);
    int from = 0;
    for (int worker = 0; worker < taking; worker++) {
      int length = steps.size() / taking + (worker < steps.size() % taking ? 1 : 0);
      runs.add(steps.subList(from, from + length));
      from += length;
    }
    return new RoundPlan(runs);
  }

  /** Steps of all workers. */
  public int steps() {
    return runs.stream().mapToInt(List::size).sum();
  }
}
