package dev.fovea.run;

import java.util.List;

/**
 * Somebody who hears of a run's figures as they are written down. It throws nothing: a page that
 * cannot be written is no reason to stop training.
 */
public interface RunObserver extends AutoCloseable {
  /** Called at each flush with what was recorded since the last one; there may be nothing new. */
  void recorded(List<RunEvent> events);

  /**
   * Called after an evaluation.
   *
   * @param step optimiser steps done
   * @param time ISO 8601 in UTC
   * @param samples one or more, the same pictures each time
   */
  void shown(long step, String time, List<SamplePicture> samples);

  /** The run has ended, well or not. */
  @Override
  void close();
}
