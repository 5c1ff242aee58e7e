package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.training.epoch.EpochSettings;
import java.util.Optional;

/**
 * What several workers make of an epoch.
 *
 * @param epochs how it becomes steps
 * @param workers that share its steps
 * @param averagingFrequency steps of each worker in a round
 * @param steps optimiser steps of all workers
 */
record EpochShape(EpochSettings epochs, int workers, int averagingFrequency, int steps) {
  /** Rounds of averaging that an epoch should have. */
  static final int ENOUGH_ROUNDS = 4;

  /** Rounds of averaging, the last of which may be short. */
  int rounds() {
    int round = Math.multiplyExact(workers, averagingFrequency);
    return (steps + round - 1) / round;
  }

  /** Optimiser steps one after another. */
  int sequentialSteps() {
    int round = Math.multiplyExact(workers, averagingFrequency);
    return steps / round * averagingFrequency + (steps % round + workers - 1) / workers;
  }

  /** Samples that all workers together take in a step of each. */
  long globalBatch() {
    return (long) epochs.accumulation()
        * (epochs.sharing() == 1 ? (long) workers * epochs.batchSize() : epochs.batchSize());
  }

  /**
   * One line.
   *
   * @param planned epochs of the whole run
   */
  String description(int planned) {
    if (workers == 1) {
      return "global batch %d; an epoch is %s, %s are %s"
          .formatted(
              globalBatch(),
              Figures.count(steps, "step", "steps"),
              Figures.count(planned, "epoch", "epochs"),
              Figures.count((long) planned * steps));
    }
    return "global batch %d of %d workers; an epoch is %s in %s, %s one after another, and %s are %s one after another"
        .formatted(
            globalBatch(),
            workers,
            Figures.count(steps, "step", "steps"),
            Figures.count(rounds(), "round", "rounds"),
            Figures.count(sequentialSteps()),
            Figures.count(planned, "epoch", "epochs"),
            Figures.count((long) planned * sequentialSteps()));
  }

  /** What to do where an epoch has too few rounds for averaging to work; empty if it has enough. */
  Optional<String> warning() {
    if (workers == 1 || rounds() >= ENOUGH_ROUNDS) {
      return Optional.empty();
    }
    int frequency = steps / (workers * ENOUGH_ROUNDS);
    String found =
        "an epoch has %s, and averaging needs %d or more: "
            .formatted(
                Figures.count(rounds(), "round of averaging", "rounds of averaging"),
                ENOUGH_ROUNDS);
    return Optional.of(
        found
            + (frequency > 0
                ? "%s %d has them".formatted(Setting.AVERAGING_FREQUENCY, frequency)
                : "take fewer workers, or share a batch by %s"
                    .formatted(Setting.GLOBAL_BATCH_SIZE)));
  }
}
