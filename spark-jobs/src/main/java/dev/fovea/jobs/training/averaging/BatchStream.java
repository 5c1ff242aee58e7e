package dev.fovea.jobs.training.averaging;

import java.io.IOException;

/** The mini-batches of one task, in order. Used by one thread. */
public interface BatchStream extends AutoCloseable {
  /**
   * The next mini-batch; waits until it is there.
   *
   * @throws UnusableBatchException if it can never be made; ends the run
   * @throws IOException if it could not be made this time; Spark tries the task again
   */
  Batch next() throws IOException, InterruptedException;

  /** Ends all work ahead and its threads. Called once, also where a task failed or was killed. */
  @Override
  void close();
}
