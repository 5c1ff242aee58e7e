package dev.fovea.jobs.data.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;

/** Rows of shards for whoever reads each of them once, in order. */
public final class ShardRows {
  private static final MessageType PATHS =
      new MessageType(ShardSchema.ROW.getName(), List.of(ShardSchema.ROW.getType("path")));

  private ShardRows() {}

  /**
   * Where the pictures of a shard came from, by row group and row.
   *
   * @throws ShardException naming the shard if it cannot be read
   */
  public static List<List<String>> paths(Configuration configuration, Path path)
      throws IOException {
    try (ShardFile shard = ShardFile.open(configuration, path)) {
      List<List<String>> groups = new ArrayList<>();
      for (int group = 0; group < shard.groupRows().length; group++) {
        List<String> paths = new ArrayList<>();
        shard.forEachRow(group, PATHS, cells -> paths.add(cells.path));
        groups.add(List.copyOf(paths));
      }
      return List.copyOf(groups);
    }
  }

  /**
   * The rows of a row group.
   *
   * @throws ShardException naming the shard if it cannot be read
   */
  public static List<ShardRow> group(Configuration configuration, Path path, int group)
      throws IOException {
    try (ShardFile shard = ShardFile.open(configuration, path)) {
      List<ShardRow> rows = new ArrayList<>();
      shard.forEachRow(group, ShardSchema.ROW, cells -> rows.add(cells.toRow()));
      return List.copyOf(rows);
    }
  }
}
