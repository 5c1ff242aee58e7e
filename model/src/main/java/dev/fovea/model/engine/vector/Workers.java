package dev.fovea.model.engine.vector;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The threads of one network: the one that calls, and the others beside it. */
final class Workers implements AutoCloseable {
  private final Winograd.Scratch[] scratches;
  private final ExecutorService others;

  /** A part of some work. */
  @FunctionalInterface
  interface Part {
    /**
     * Computes the part of that number.
     *
     * @param scratch the thread's
     */
    void compute(int number, Winograd.Scratch scratch);
  }

  /**
   * @param threads 1 or more, the calling one among them
   */
  Workers(int threads) {
    scratches =
        Stream.generate(Winograd.Scratch::new).limit(threads).toArray(Winograd.Scratch[]::new);
    others =
        threads == 1
            ? null
            : Executors.newFixedThreadPool(
                threads - 1,
                work -> {
                  Thread thread = new Thread(work, "vector-upscaler");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  int threads() {
    return scratches.length;
  }

  /** Computes parts, whoever is free the next one, and waits for all, interrupted or not. */
  void each(int parts, Part part) {
    AtomicInteger next = new AtomicInteger();
    CompletableFuture<?>[] running =
        IntStream.range(1, Math.min(parts, threads()))
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> compute(next, parts, part, scratches[thread]), others))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture<Void> own =
        CompletableFuture.runAsync(() -> compute(next, parts, part, scratches[0]), Runnable::run);
    try {
      CompletableFuture.allOf(running).join();
      own.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static void compute(AtomicInteger next, int parts, Part part, Winograd.Scratch scratch) {
    for (int number = next.getAndIncrement(); number < parts; number = next.getAndIncrement()) {
      part.compute(number, scratch);
    }
  }

  @Override
  public void close() {
    if (others != null) {
      others.shutdown();
    }
  }
}
