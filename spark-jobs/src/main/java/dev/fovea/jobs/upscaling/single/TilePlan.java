package dev.fovea.jobs.upscaling.single;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a picture into tiles of one size that overlap, each responsible for a core of its own. The
 * cores cover every pixel once, and between a core and the end of its tile lie at least {@code
 * overlap} pixels, unless the tile ends where the picture ends. A tile that would reach beyond the
 * picture is shifted inwards, so that all tiles have one size and a network sees the picture's edge
 * only where it is.
 *
 * @param height of the picture in pixels, 1 or more
 * @param width of the picture in pixels, 1 or more
 * @param tileHeight of all tiles, at most {@code height}
 * @param tileWidth of all tiles, at most {@code width}
 * @param tiles in the order of rows, top left first
 */
public record TilePlan(int height, int width, int tileHeight, int tileWidth, List<Tile> tiles) {
  public TilePlan {
    tiles = List.copyOf(tiles);
  }

  /**
   * A tile: what is read, and the core for which its result counts; both in pixels of the picture.
   *
   * @param y top row read
   * @param x left column read
   * @param core what is kept, within what is read
   */
  public record Tile(int y, int x, Core core) {}

  /** A rectangle of pixels of the picture. */
  public record Core(int y, int x, int height, int width) {
    /** How many there are. */
    long pixels() {
      return (long) height * width;
    }
  }

  /**
   * Plans tiles of at most {@code tileSize} pixels on a side.
   *
   * @throws IllegalArgumentException if a tile has no core between its overlaps, or a size is below
   *     1
   */
  public static TilePlan of(int height, int width, int tileSize, int overlap) {
    return of(height, width, tileSize, tileSize, overlap);
  }

  /**
   * Plans tiles of at most {@code tileHeight} by {@code tileWidth} pixels.
   *
   * @throws IllegalArgumentException if a tile has no core between its overlaps, or a size is below
   *     1
   */
  public static TilePlan of(int height, int width, int tileHeight, int tileWidth, int overlap) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a picture of %dx%d pixels cannot be tiled".formatted(width, height));
    }
    checkTile(tileHeight, overlap);
    checkTile(tileWidth, overlap);
    List<Span> rows = spans(height, tileHeight, overlap);
    List<Span> columns = spans(width, tileWidth, overlap);
    List<Tile> tiles = new ArrayList<>(rows.size() * columns.size());
    for (Span row : rows) {
      for (Span column : columns) {
        tiles.add(
            new Tile(
                row.start,
                column.start,
                new Core(
                    row.coreStart,
                    column.coreStart,
                    row.coreEnd - row.coreStart,
                    column.coreEnd - column.coreStart)));
      }
    }
    return new TilePlan(
        height, width, Math.min(tileHeight, height), Math.min(tileWidth, width), tiles);
  }

  private static void checkTile(int tileSize, int overlap) {
    if (overlap < 0 || tileSize <= 2 * overlap) {
      throw new IllegalArgumentException(
          "tile size %d is not above twice the overlap %d".formatted(tileSize, overlap));
    }
  }

  private static List<Span> spans(int length, int tileSize, int overlap) {
    List<Span> spans = new ArrayList<>();
    int done = 0;
    while (done < length) {
      int start = Math.max(0, Math.min(done - overlap, length - tileSize));
      boolean last = start + tileSize >= length;
      int end = last ? length : start + tileSize - overlap;
      spans.add(new Span(start, done, end));
      done = end;
    }
    return spans;
  }

  /** A tile along one axis. */
  private record Span(int start, int coreStart, int coreEnd) {}
}
