package dev.fovea.jobs.runs.record;

import java.util.List;

/**
 * Somebody who hears of a run's figures as they are written down. It throws nothing: a page that
 * cannot be written is no reason to stop training.
 */
public interface RunObserver {
  /** Called at each flush with what was recorded since the last one; there may be nothing new. */
  void recorded(List<RunEvent> events);

  /** Called after an evaluation. */
  void shown(Shown shown);
}
