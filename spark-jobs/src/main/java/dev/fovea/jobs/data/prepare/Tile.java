package dev.fovea.jobs.data.prepare;

import java.util.ArrayList;
import java.util.List;

/**
 * A rectangle of a picture, in pixels.
 *
 * @param x column of its left edge
 * @param y row of its upper edge
 * @param width columns
 * @param height rows
 */
record Tile(int x, int y, int width, int height) {

  /**
   * Covers a picture with squares in rows, the last of a row or column shifted inwards. A picture
   * that is smaller than a square in either direction stays whole.
   */
  static List<Tile> cut(int width, int height, int size) {
    if (width < size || height < size) {
      return List.of(new Tile(0, 0, width, height));
    }
    List<Tile> tiles = new ArrayList<>();
    for (int y : starts(height, size)) {
      for (int x : starts(width, size)) {
        tiles.add(new Tile(x, y, size, size));
      }
    }
    return tiles;
  }

  /** As a media fragment (W3C, spatial dimension), to stand behind a path. */
  String fragment() {
    return "#xywh=%s,%s,%s,%s".formatted(x, y, width, height);
  }

  private static List<Integer> starts(int length, int size) {
    List<Integer> starts = new ArrayList<>();
    for (int start = 0; start + size <= length; start += size) {
      starts.add(start);
    }
    if (length % size != 0) {
      starts.add(length - size);
    }
    return starts;
  }
}
