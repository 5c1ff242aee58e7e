package dev.fovea.jobs.runs.record;

import java.io.IOException;
import java.util.List;

/** Somewhere a run can be looked at. Used by one thread. */
public interface Dashboard {
  /** What messages call it. */
  String name();

  /**
   * Takes up what was recorded and shown since the last call that ended well. What a call that
   * failed was given is given again.
   */
  void update(List<RunEvent> events, List<Shown> shown) throws IOException;

  /** The run has ended. */
  void end(RunState state) throws IOException;
}
