package dev.fovea.jobs.training.epoch;

import dev.fovea.jobs.data.shard.ShardAddress;
import dev.fovea.jobs.data.shard.ShardIndex;
import dev.fovea.jobs.data.shard.ShardReader;
import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.jobs.training.averaging.Batch;
import dev.fovea.jobs.training.averaging.BatchStream;
import dev.fovea.jobs.training.averaging.UnusableBatchException;
import dev.fovea.pictures.pairs.PairMaker;
import dev.fovea.pictures.pairs.PairSettings;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes the mini-batches of one task on threads of its own, in order and a bounded number ahead.
 * Threads share out the samples, not the mini-batches, so that the next mini-batch is always the
 * one that all of them work on.
 */
final class PairStream implements BatchStream {
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final ShardReader reader;
  private final Consumer<ShardReader> giveBack;
  private final ShardIndex index;
  private final PairSettings pairs;
  private final int batchesAhead;
  private final long seed;
  private final Iterator<BatchContent> left;
  private final Deque<Making> ahead = new ArrayDeque<>();
  private final Queue<Buffers> unused = new ConcurrentLinkedQueue<>();
  private final ExecutorService pool;
  private volatile boolean closed;

  /**
   * @param giveBack takes the reader when the stream is closed
   */
  PairStream(
      ShardReader reader,
      Consumer<ShardReader> giveBack,
      ShardIndex index,
      PairSettings pairs,
      LoaderSettings loader,
      long seed,
      List<BatchContent> contents) {
    this.reader = reader;
    this.giveBack = giveBack;
    this.index = index;
    this.pairs = pairs;
    this.batchesAhead = loader.batchesAhead();
    this.seed = seed;
    this.left = contents.iterator();
    this.pool =
        Executors.newFixedThreadPool(
            loader.threads(),
            task -> {
              Thread thread = new Thread(task, "fovea-pairs-" + THREADS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    fill();
  }

  @Override
  public Batch next() throws IOException, InterruptedException {
    fill();
    Making making = ahead.remove();
    try {
      Batch batch = making.whole.get();
      fill();
      return batch;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("a mini-batch could not be made: " + e.getCause(), e.getCause());
    }
  }

  private void fill() {
    while (ahead.size() < batchesAhead && left.hasNext()) {
      Making making = new Making(left.next());
      ahead.add(making);
      for (int i = 0; i < making.content.size(); i++) {
        int sample = i;
        pool.execute(() -> making.make(sample));
      }
    }
  }

  /** Does not interrupt: Hadoop's clients take an interrupt for a broken connection. */
  @Override
  public void close() {
    closed = true;
    pool.shutdown();
    for (Making making : ahead) {
      if (making.whole.isDone() && !making.whole.isCompletedExceptionally()) {
        making.whole.join().lowResolution().close();
        making.whole.join().highResolution().close();
      }
    }
    ahead.clear();
    giveBack.accept(reader);
  }

  /** The arrays that a mini-batch is put together in; kept, because they are large. */
  private static final class Buffers {
    private final float[] low;
    private final float[] high;

    Buffers(int lowLength, int highLength) {
      low = new float[lowLength];
      high = new float[highLength];
    }
  }

  private final class Making {
    private final BatchContent content;
    private final String[] names;
    private final AtomicInteger missing;
    private final CompletableFuture<Batch> whole = new CompletableFuture<>();
    private Buffers buffers;

    Making(BatchContent content) {
      this.content = content;
      this.names = new String[content.size()];
      this.missing = new AtomicInteger(content.size());
    }

    private void make(int sample) {
      if (closed || whole.isDone()) {
        return;
      }
      try {
        write(sample, buffers());
        if (missing.decrementAndGet() == 0) {
          whole.complete(batch());
        }
      } catch (Throwable e) { // An error, too, or the task would wait for ever.
        whole.completeExceptionally(e);
      }
    }

    private synchronized Buffers buffers() {
      if (buffers == null) {
        Buffers kept = unused.poll();
        int lowLength = content.size() * pairs.lowLength();
        buffers =
            kept != null && kept.low.length == lowLength
                ? kept
                : new Buffers(lowLength, content.size() * pairs.highLength());
      }
      return buffers;
    }

    private void write(int sample, Buffers to) throws IOException {
      int number = content.rows()[sample];
      ShardRow row = reader.read(number);
      names[sample] = row.path();
      long sampleSeed =
          Seeds.mix(seed, content.epoch(), index.pictureId(number), content.draws()[sample]);
      try {
        PairMaker.make(
            row.bytes(),
            Limits.defaults(),
            pairs,
            sampleSeed,
            to.low,
            sample * pairs.lowLength(),
            to.high,
            sample * pairs.highLength());
      } catch (RejectedPictureException | IllegalArgumentException e) {
        ShardAddress address = index.address(number);
        throw new UnusableBatchException(
            "%s (%s, row group %d, row %d): %s"
                .formatted(
                    row.path(),
                    index.shardPath(address.shard()),
                    address.rowGroup(),
                    address.row(),
                    e.getMessage()),
            e);
      }
    }

    /** Runs on the thread that made the last sample, so that the device does not wait for it. */
    private Batch batch() {
      Batch batch =
          new Batch(
              Nd4j.createFromArray(buffers.low)
                  .reshape('c', content.size(), 3, pairs.lowResolution(), pairs.lowResolution()),
              Nd4j.createFromArray(buffers.high)
                  .reshape(
                      'c', content.size(), 3, pairs.targetResolution(), pairs.targetResolution()),
              Arrays.asList(names));
      unused.add(buffers);
      return batch;
    }
  }
}
