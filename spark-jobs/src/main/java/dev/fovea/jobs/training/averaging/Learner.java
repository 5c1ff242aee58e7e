package dev.fovea.jobs.training.averaging;

import dev.fovea.model.engine.NetworkState;
import java.util.List;

/**
 * The networks of one worker, resident on its device. What comes out depends only on what was
 * restored and trained on since. Not thread-safe.
 *
 * @param <F> the figures of an optimiser step
 */
public interface Learner<F> extends AutoCloseable {
  /** Where a mini-batch stands in its optimiser step. */
  enum Place {
    /** More are to come. */
    WITHIN_STEP,
    /** It is the last one, after which parameters are updated. */
    ENDS_STEP
  }

  /** Replaces the state of all networks, in the order of the run, and forgets everything else. */
  void restore(List<NetworkState> networks);

  /** Trains on a mini-batch, whose arrays are done with when the call returns. */
  void train(Batch batch, Instruction instruction, Place place);

  /** The figures of every step since the last call, in order; waits for the device. */
  List<F> drain();

  /** Copies of the state of all networks, in the order of the run. */
  List<NetworkState> networks();

  @Override
  void close();
}
