package dev.fovea.jobs.upscaling.single;

import dev.fovea.jobs.upscaling.single.BandedPicture.Band;
import dev.fovea.jobs.upscaling.single.TilePlan.Tile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tiles that wait for a device, of many pictures. Tiles of one shape leave together, however many
 * pictures they come from; the oldest tile decides which shape is next. Nobody waits for a batch to
 * fill: while a device is busy tiles gather, and while it is not there is no need to.
 *
 * <p>Safe for use by several threads.
 */
public final class TileBoard {
  private static final int MOST_TILES = 64;

  private final int batchPixels;
  private final Map<Shape, Deque<Waiting>> groups = new LinkedHashMap<>();
  private long arrived;
  private boolean closed;

  /**
   * @param batchPixels low-resolution pixels of a batch at most, unless a single tile has more
   */
  public TileBoard(int batchPixels) {
    this.batchPixels = batchPixels;
  }

  private record Shape(int height, int width) {}

  private record Waiting(long number, Band band, Tile tile) {}

  /** Tiles of one shape. */
  record Batch(int height, int width, List<Band> bands, List<Tile> tiles) {
    Batch part(int from, int to) {
      return new Batch(height, width, bands.subList(from, to), tiles.subList(from, to));
    }
  }

  /** Puts up the tiles of the picture's next band, if there is one. */
  public synchronized void offerNextBand(BandedPicture picture) {
    Optional<Band> band = picture.begin();
    if (band.isEmpty()) {
      return;
    }
    Shape shape = new Shape(picture.tileHeight(), picture.tileWidth());
    Deque<Waiting> group = groups.computeIfAbsent(shape, key -> new ArrayDeque<>());
    for (Tile tile : band.get().tiles()) {
      group.add(new Waiting(arrived++, band.get(), tile));
    }
    notifyAll();
  }

  /** The next batch; waits for one. Nothing once the board is closed. */
  synchronized Optional<Batch> take() throws InterruptedException {
    while (true) {
      if (closed) {
        return Optional.empty();
      }
      Optional<Batch> batch = oldest();
      if (batch.isPresent()) {
        return batch;
      }
      wait();
    }
  }

  /** Lets everybody go who waits for tiles. */
  public synchronized void close() {
    closed = true;
    groups.clear();
    notifyAll();
  }

  private Optional<Batch> oldest() {
    Shape oldest = null;
    for (Map.Entry<Shape, Deque<Waiting>> group : groups.entrySet()) {
      Deque<Waiting> waiting = group.getValue();
      waiting.removeIf(each -> each.band.picture().dropped());
      if (!waiting.isEmpty()
          && (oldest == null || waiting.peek().number < groups.get(oldest).peek().number)) {
        oldest = group.getKey();
      }
    }
    groups.values().removeIf(Deque::isEmpty);
    if (oldest == null) {
      return Optional.empty();
    }
    Deque<Waiting> group = groups.get(oldest);
    int count = Math.min(MOST_TILES, Math.max(1, batchPixels / (oldest.height * oldest.width)));
    List<Band> bands = new ArrayList<>();
    List<Tile> tiles = new ArrayList<>();
    while (bands.size() < count && !group.isEmpty()) {
      Waiting next = group.remove();
      bands.add(next.band);
      tiles.add(next.tile);
    }
    return Optional.of(new Batch(oldest.height, oldest.width, bands, tiles));
  }
}
