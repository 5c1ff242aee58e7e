package dev.fovea.jobs.training.loop;

/**
 * How far a run has come.
 *
 * @param epoch the epoch it is in, counted from 0
 * @param stepInEpoch optimiser steps of that epoch that lie behind
 * @param step optimiser steps of the whole run that lie behind
 * @param minutes minutes of training, over all parts of a resumed run
 */
record Position(int epoch, int stepInEpoch, long step, double minutes) {
  static final Position START = new Position(0, 0, 0, 0);

  /** After further steps in the same epoch. */
  Position after(int steps, double minutesNow) {
    return new Position(epoch, stepInEpoch + steps, step + steps, minutesNow);
  }

  /** At the same place, later. */
  Position at(double minutesNow) {
    return new Position(epoch, stepInEpoch, step, minutesNow);
  }

  /** At the start of the next epoch. */
  Position nextEpoch() {
    return new Position(epoch + 1, 0, step, minutes);
  }
}
