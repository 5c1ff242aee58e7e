package dev.fovea.jobs.training.epoch;

import dev.fovea.jobs.data.shard.ShardIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The rows of a shard index that are trained on, by the row group they lie in. Immutable. */
public final class TrainingRows {
  private final List<int[]> groups;
  private final IntToDoubleFunction area;
  private final int size;

  /**
   * @param groups row numbers of each row group; groups without rows are left out
   * @param area pixels of a row's picture
   */
  TrainingRows(List<int[]> groups, IntToDoubleFunction area) {
    this.groups = groups.stream().filter(rows -> rows.length > 0).toList();
    this.area = area;
    this.size = this.groups.stream().mapToInt(rows -> rows.length).sum();
  }

  /** All rows whose pictures have at least {@code minSide} pixels on both sides. */
  public static TrainingRows of(ShardIndex index, int minSide) {
    return of(index, minSide, DamagedGroups.NONE);
  }

  /** The same without the rows of damaged row groups. */
  public static TrainingRows of(ShardIndex index, int minSide, DamagedGroups damaged) {
    List<int[]> groups = new ArrayList<>();
    for (int group = 0; group < index.groupCount(); group++) {
      if (damaged.groups().contains(group)) {
        continue;
      }
      groups.add(
          IntStream.range(index.groupStart(group), index.groupEnd(group))
              .filter(row -> Math.min(index.width(row), index.height(row)) >= minSide)
              .toArray());
    }
    return new TrainingRows(groups, row -> (double) index.width(row) * index.height(row));
  }

  /** Number of rows. */
  public int size() {
    return size;
  }

  List<int[]> groups() {
    return groups;
  }

  double area(int row) {
    return area.applyAsDouble(row);
  }
}
