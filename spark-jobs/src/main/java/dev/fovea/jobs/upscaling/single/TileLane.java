package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.upscaling.single.BandedPicture.Band;
import dev.fovea.jobs.upscaling.single.TileBoard.Batch;
import dev.fovea.jobs.upscaling.single.TilePlan.Tile;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Takes batches from a board and runs them on one network, until the board is closed. */
public final class TileLane implements Runnable {
  private final TileBoard board;
  private final TileNetwork network;
  private final int ratio;
  private final BiConsumer<BandedPicture, Throwable> failures;
  private long busyNanos;
  private final AtomicLong pixelsDone = new AtomicLong();

  /**
   * @param failures takes the pictures of a batch that failed, and why
   */
  public TileLane(
      TileBoard board,
      TileNetwork network,
      int upscaleRatio,
      BiConsumer<BandedPicture, Throwable> failures) {
    this.board = board;
    this.network = network;
    this.ratio = upscaleRatio;
    this.failures = failures;
  }

  @Override
  public void run() {
    try {
      for (Optional<Batch> batch = board.take(); batch.isPresent(); batch = board.take()) {
        long started = System.nanoTime();
        run(batch.get(), 0);
        busyNanos += System.nanoTime() - started;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Time spent on batches, once {@link #run} has ended. */
  public long busyNanos() {
    return busyNanos;
  }

  /** Low-resolution pixels whose results it has delivered. */
  public long pixelsDone() {
    return pixelsDone.get();
  }

  /**
   * @param outerHalvings how often larger batches did not fit that it was part of
   */
  private void run(Batch batch, int outerHalvings) {
    if (batch.tiles().isEmpty()) {
      return;
    }
    int finishing = 0;
    int finished = 0;
    try {
      int tile = 3 * batch.height() * batch.width();
      int count = batch.tiles().size();
      float[] low = new float[Math.multiplyExact(tile, count)];
      for (int i = 0; i < count; i++) {
        Tile at = batch.tiles().get(i);
        batch
            .bands()
            .get(i)
            .picture()
            .low()
            .readRegion(at.x(), at.y(), batch.width(), batch.height(), low, i * tile);
      }
      float[] high = network.upscale(low, count, batch.height(), batch.width());
      int halvings = outerHalvings + network.takeHalvings();
      int large = tile * ratio * ratio;
      for (int i = 0; i < count; i++) {
        Band band = batch.bands().get(i);
        float[] one =
            count == 1 ? high : java.util.Arrays.copyOfRange(high, i * large, (i + 1) * large);
        finishing++;
        band.countHalvings(halvings);
        band.finish(batch.tiles().get(i), one);
        pixelsDone.addAndGet(batch.tiles().get(i).core().pixels());
        finished++;
      }
    } catch (RuntimeException | Error e) {
      int halvings = outerHalvings + network.takeHalvings() + 1;
      int count = batch.tiles().size();
      if (count == 1 || !TileNetwork.isOutOfMemory(e)) {
        fail(batch, e);
        return;
      }
      // The network halves what is too much for itself; this is the heap around it.
      fail(batch.part(finished, finishing), e);
      int middle = (finishing + count + 1) / 2;
      run(batch.part(finishing, middle), halvings);
      run(batch.part(middle, count), halvings);
    }
  }

  private void fail(Batch batch, Throwable cause) {
    batch.bands().stream()
        .map(Band::picture)
        .distinct()
        .forEach(picture -> failures.accept(picture, cause));
  }
}
