package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.DivergedException;
import dev.fovea.jobs.training.averaging.TrainingStoppedException;
import dev.fovea.jobs.training.averaging.WorkerReport;
import java.io.Serializable;
import java.util.List;

/**
 * What a worker tells of its part of a round besides the networks. A finding is told and not
 * thrown, because Spark would try a failed task again.
 *
 * @param <F> the figures of an optimiser step
 * @param report what it did
 * @param figures of its steps, in order; empty where there is a finding
 * @param finding what ends the run; null where the worker trained to the end
 */
record WorkerAccount<F>(WorkerReport report, List<F> figures, Finding finding)
    implements Contribution {
  WorkerAccount {
    figures = List.copyOf(figures);
  }

  /**
   * What ends the run.
   *
   * @param step the step's number in the run
   * @param reason one line
   * @param pictures the step's, empty where the mini-batch could not be made
   */
  record Finding(long step, String reason, List<String> pictures) implements Serializable {
    TrainingStoppedException toException() {
      return pictures.isEmpty()
          ? new TrainingStoppedException("step %d: %s".formatted(step, reason))
          : new DivergedException(step, reason, pictures);
    }
  }
}
