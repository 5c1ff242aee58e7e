package dev.fovea.model.engine.nd4j;

import dev.fovea.model.arrays.Nd4jLoops;
import dev.fovea.model.config.Device;
import dev.fovea.model.engine.EngineOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The one thread on which everything of one network runs.
 *
 * <p>ND4J's workspaces and the number of OpenMP threads belong to the thread that calls. A task of
 * a cluster may continue on any thread what another began, so without a thread of its own a network
 * would leave a set of workspaces behind on every thread it ever ran on.
 */
final class ComputeThread {
  private final ExecutorService executor;

  /**
   * @param options the device and the number of OpenMP threads
   */
  ComputeThread(String name, EngineOptions options) {
    executor =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    Nd4jLoops.networkOpened();
    call(
        () -> {
          if (options.device().kind() == Device.Kind.CUDA) {
            Nd4j.getAffinityManager().unsafeSetDevice(options.device().index());
          }
          // omp_set_num_threads of this thread: oneDNN takes it from there.
          NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(options.threads());
          return null;
        });
  }

  /** Runs the work there and waits for it, interrupted or not; an interrupt is kept for later. */
  <T> T call(Callable<T> work) {
    Future<T> result = executor.submit(work);
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
      if (e.getCause() instanceof RuntimeException cause) {
        cause.addSuppressed(new CalledFrom());
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

  /** Runs work without which the thread is of no use. */
  <T> T callOrClose(Callable<T> work) {
    try {
      return call(work);
    } catch (RuntimeException | Error e) {
      close(() -> {});
      throw e;
    }
  }

  /** Runs the last work there, then releases the thread and its workspaces; once. */
  void close(Runnable last) {
    if (!executor.isShutdown()) {
      try {
        call(
            () -> {
              last.run();
              Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
              return null;
            });
      } finally {
        executor.shutdown();
        Nd4jLoops.networkClosed();
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
