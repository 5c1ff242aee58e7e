package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.spark.session.EngineChoice;
import dev.fovea.jobs.training.averaging.OuterMomentum;
import java.util.OptionalInt;

/**
 * What computes a run and how it is spread.
 *
 * @param engine what runs every worker's network
 * @param workers logical workers; as many as there are executors if empty, 1 in local mode
 * @param averagingFrequency optimiser steps of each worker in a round, 1 or more
 * @param outer what is made of the mean of a round
 * @param datasetProcesses decoding threads of an executor, 1 or more
 */
public record Parallelism(
    EngineChoice engine,
    OptionalInt workers,
    int averagingFrequency,
    OuterMomentum outer,
    int datasetProcesses) {
  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public Parallelism {
    if (workers.isPresent() && workers.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "number of workers %d is not 1 or more".formatted(workers.getAsInt()));
    }
    if (averagingFrequency < 1) {
      throw new IllegalArgumentException(
          "averaging frequency %d is not 1 or more".formatted(averagingFrequency));
    }
    if (datasetProcesses < 1) {
      throw new IllegalArgumentException(
          "number of dataset processes %d is not 1 or more".formatted(datasetProcesses));
    }
  }
}
