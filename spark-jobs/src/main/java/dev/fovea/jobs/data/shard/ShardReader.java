package dev.fovea.jobs.data.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads rows by their address, keeping the row groups used last in memory.
 *
 * <p>Safe for use by several threads: a row group that several ask for at once is read once, and
 * different row groups are read at the same time. Holds no file open between calls.
 */
public final class ShardReader {
  private final Configuration configuration;
  private final ShardIndex index;
  private final Map<Group, FutureTask<List<ShardRow>>> groups;

  /**
   * @param cachedGroups row groups kept in memory, 1 or more, each up to {@link
   *     ShardWriter#ROW_GROUP_BYTES} (or one larger picture); more than the row groups a shuffle
   *     buffer draws from, or they are read again and again
   */
  public ShardReader(Configuration configuration, ShardIndex index, int cachedGroups) {
    if (cachedGroups < 1) {
      throw new IllegalArgumentException(
          "%d cached row groups: 1 or more is allowed".formatted(cachedGroups));
    }
    this.configuration = configuration;
    this.index = index;
    this.groups =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Group, FutureTask<List<ShardRow>>> eldest) {
            return size() > cachedGroups;
          }
        };
  }

  /**
   * Reads a row by its number in the index.
   *
   * @throws ShardException naming the shard that cannot be read
   */
  public ShardRow read(int row) throws IOException {
    return read(index.address(row));
  }

  /**
   * Reads a row by its address.
   *
   * @throws ShardException naming the shard that cannot be read
   */
  public ShardRow read(ShardAddress address) throws IOException {
    Group group = new Group(address.shard(), address.rowGroup());
    List<ShardRow> rows = rows(group);
    if (address.row() >= rows.size()) {
      throw new ShardException(
          index.shardPath(group.shard),
          "row %d of row group %d is asked for, it has %d"
              .formatted(address.row(), group.rowGroup, rows.size()));
    }
    return rows.get(address.row());
  }

  private List<ShardRow> rows(Group group) throws IOException {
    FutureTask<List<ShardRow>> reading;
    synchronized (groups) {
      reading = groups.computeIfAbsent(group, key -> new FutureTask<>(() -> load(key)));
    }
    // Whoever comes first reads, outside the lock; the others wait in get().
    reading.run();
    try {
      return reading.get();
    } catch (ExecutionException e) {
      synchronized (groups) {
        groups.remove(group, reading);
      }
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new ShardException(
          index.shardPath(group.shard),
          "row group %d cannot be read".formatted(group.rowGroup),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a shard was read", e);
    }
  }

  private List<ShardRow> load(Group group) throws IOException {
    Path path = index.shardPath(group.shard);
    try (ShardFile shard = ShardFile.open(configuration, path)) {
      List<ShardRow> rows = new ArrayList<>();
      shard.forEachRow(group.rowGroup, ShardSchema.ROW, cells -> rows.add(cells.toRow()));
      return rows;
    }
  }

  private record Group(int shard, int rowGroup) {}
}
