package dev.fovea.pictures.benchmark;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.pairs.PairMaker;
import dev.fovea.pictures.pairs.PairSettings;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Runs a chain over pictures in memory on some threads for some time. */
public final class PictureThroughput {
  private PictureThroughput() {}

  /**
   * What was measured.
   *
   * @param pictures finished within the time
   * @param seconds the time
   * @param cpuSeconds what the processor spent on the threads, which on a busy machine is less
   * @param threads that worked at once
   */
  public record Figures(long pictures, double seconds, double cpuSeconds, int threads) {
    public double perSecond() {
      return pictures / seconds;
    }

    public double perSecondAndThread() {
      return perSecond() / threads;
    }

    /** What a core of its own would reach. */
    public double perCpuSecond() {
      return pictures / cpuSeconds;
    }
  }

  /** What one thread did. */
  private record Share(long pictures, long cpuNanos) {}

  /**
   * Measures after warming up for as long.
   *
   * @param files whole files of pictures, taken in turn
   * @throws RejectedPictureException if one of them cannot be decoded
   * @throws IllegalArgumentException if one of them is too small for the chain
   */
  public static Figures measure(List<byte[]> files, Chain chain, int threads, Duration duration)
      throws RejectedPictureException, InterruptedException {
    if (files.isEmpty() || threads < 1) {
      throw new IllegalArgumentException(
          "%d files on %d threads: both must be 1 or more".formatted(files.size(), threads));
    }
    run(files, chain, threads, duration);
    return run(files, chain, threads, duration);
  }

  private static Figures run(List<byte[]> files, Chain chain, int threads, Duration duration)
      throws RejectedPictureException, InterruptedException {
    AtomicLong next = new AtomicLong();
    long start = System.nanoTime();
    long deadline = start + duration.toNanos();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Share>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(pool.submit(() -> work(files, chain, next, deadline)));
      }
      long pictures = 0;
      long cpuNanos = 0;
      for (Future<Share> result : results) {
        pictures += result.get().pictures();
        cpuNanos += result.get().cpuNanos();
      }
      return new Figures(pictures, (System.nanoTime() - start) / 1e9, cpuNanos / 1e9, threads);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RejectedPictureException rejected) {
        throw rejected;
      }
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException("measuring failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static Share work(List<byte[]> files, Chain chain, AtomicLong next, long deadline)
      throws RejectedPictureException {
    PairSettings settings = chain.settings().orElse(null);
    float[] low = new float[settings == null ? 0 : settings.lowLength()];
    float[] high = new float[settings == null ? 0 : settings.highLength()];
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long cpuStart = clock.getCurrentThreadCpuTime();
    long done = 0;
    while (System.nanoTime() < deadline) {
      long turn = next.getAndIncrement();
      byte[] file = files.get((int) (turn % files.size()));
      if (settings == null) {
        PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.SRGB);
      } else {
        PairMaker.make(file, Limits.defaults(), settings, turn, low, 0, high, 0);
      }
      done++;
    }
    return new Share(done, clock.getCurrentThreadCpuTime() - cpuStart);
  }
}
