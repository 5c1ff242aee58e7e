package dev.fovea.model.engine.torch;

import dev.fovea.model.arrays.Nd4jLoops;
import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The one thread on which everything of one network runs, each call in a {@code PointerScope}.
 *
 * <p>LibTorch's number of threads and its OpenMP team belong to the thread that calls. So two
 * networks with different numbers of threads do not disturb each other or the caller's ND4J, and no
 * team is left behind on every thread of a pool that ever used the network.
 */
final class NetworkThread {
  private final ExecutorService executor;

  /**
   * @param threads CPU threads of the network's operations
   */
  NetworkThread(String name, int threads) {
    Nd4jLoops.settle();
    executor =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    run(
        () -> {
          // The first question makes LibTorch give this thread the number that any thread set last;
          // asked later, it would overwrite ours.
          torch.get_num_threads();
          torch.set_num_threads(threads);
          // What other networks keep for their next pass is not to add up with what this one needs.
          FreedMemory.giveBack();
        });
  }

  /** Runs the work there and waits for it. */
  void run(Runnable work) {
    call(
        () -> {
          work.run();
          return null;
        });
  }

  /**
   * Runs the work there and waits for it.
   *
   * @param arrays whose memory the work's tensors look at, kept from the garbage collector
   */
  <T> T callOn(List<INDArray> arrays, Supplier<T> work) {
    try {
      return call(work);
    } finally {
      Reference.reachabilityFence(arrays);
    }
  }

  /** Runs the work there and waits for it, interrupted or not; an interrupt is kept for later. */
  <T> T call(Supplier<T> work) {
    Future<T> result = executor.submit(() -> Within.scope(work));
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          // The network must not be used while it still computes.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      e.getCause().addSuppressed(new CalledFrom());
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Runs a last piece of work there and releases the thread, its team, and the memory that is free;
   * once.
   */
  void closeAfter(Runnable lastWork) {
    if (!executor.isShutdown()) {
      try {
        run(lastWork);
        FreedMemory.giveBack();
      } finally {
        executor.shutdown();
      }
    }
  }

  /** Shows in a stack trace who called. */
  private static final class CalledFrom extends RuntimeException {
    private static final long serialVersionUID = 1;

    CalledFrom() {
      super("called from here");
    }
  }
}
