package dev.fovea.jobs.training.averaging;

import java.io.Serializable;
import java.util.List;

/** Makes mini-batches on executors. Sent to every task by Java serialization. */
public interface BatchSource extends Serializable {
  /**
   * Opens the mini-batches of one task. May begin at once to work ahead on other threads.
   *
   * @param contents what {@link BatchPlan#content} says, in the order in which they will be taken
   */
  BatchStream open(List<String> contents);
}
