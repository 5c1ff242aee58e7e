package dev.fovea.model.checkpoint;

import java.util.Map;

/**
 * Where a training run stands.
 *
 * @param runId the run, told apart from all others
 * @param seed what every random choice derives from
 * @param epoch the epoch that training goes on in, counted from 0
 * @param stepInEpoch optimiser steps of that epoch that lie behind
 * @param step optimiser steps taken, the checkpoint's number
 * @param elapsedMinutes minutes of training, over all parts of a resumed run
 * @param settings the run's settings by option name, without the leading dashes
 * @param provenance what made the checkpoint
 */
public record TrainingState(
    String runId,
    long seed,
    int epoch,
    long stepInEpoch,
    long step,
    double elapsedMinutes,
    Map<String, String> settings,
    Provenance provenance) {
  /** Among the settings, the terms under which the training data may be used. */
  public static final String DATA_TERMS = "data-terms";

  /** Among the settings, the id of the run's record, which all parts of a resumed run share. */
  public static final String RUN_RECORD = "run-record";

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public TrainingState {
    Checks.present("provenance", provenance);
    if (runId == null || runId.isBlank()) {
      throw new IllegalArgumentException("run id is missing");
    }
    Checks.notNegative("epoch", epoch);
    Checks.notNegative("step in the epoch", stepInEpoch);
    Checks.notNegative("step", step);
    if (!(elapsedMinutes >= 0) || Double.isInfinite(elapsedMinutes)) {
      throw new IllegalArgumentException(
          "elapsed minutes %s are not 0 or more".formatted(elapsedMinutes));
    }
    settings = Map.copyOf(settings);
  }
}
