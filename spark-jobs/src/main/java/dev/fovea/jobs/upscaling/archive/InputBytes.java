package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.jobs.data.shard.ShardRows;
import dev.fovea.jobs.support.files.InputStreams;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads the bytes of items, from files and from shards. Safe for use by several threads. */
final class InputBytes {
  private static final int ATTEMPTS = 3;
  private static final int KEPT_GROUPS = 3;

  private final Configuration configuration;
  private final Limits limits;
  private final Map<Group, AtomicReference<List<ShardRow>>> groups =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<Group, AtomicReference<List<ShardRow>>> eldest) {
          return size() > KEPT_GROUPS;
        }
      };

  InputBytes(Configuration configuration, Limits limits) {
    this.configuration = configuration;
    this.limits = limits;
  }

  private record Group(String shard, int group) {}

  /**
   * All bytes of an item.
   *
   * @throws RejectedPictureException if there are more than allowed
   * @throws IOException if they cannot be read
   */
  byte[] read(ArchiveItem item) throws IOException {
    if (item.inShard()) {
      return row(item).bytes();
    }
    requireAllowed(item.length());
    IOException failure = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (InputStream in = InputStreams.open(configuration, path(item.path()))) {
        byte[] bytes = in.readNBytes((int) limits.bytes() + 1);
        requireAllowed(bytes.length);
        return bytes;
      } catch (RejectedPictureException | java.io.FileNotFoundException e) {
        throw e;
      } catch (IOException e) {
        failure = e; // Perhaps a network's, which may pass.
      }
    }
    throw failure;
  }

  private void requireAllowed(long length) throws RejectedPictureException {
    if (length > limits.bytes()) {
      throw new RejectedPictureException(
          "%d bytes are more than the limit of %d".formatted(length, limits.bytes()));
    }
  }

  private ShardRow row(ArchiveItem item) throws IOException {
    AtomicReference<List<ShardRow>> rows;
    synchronized (groups) {
      rows =
          groups.computeIfAbsent(
              new Group(item.shard(), item.group()), key -> new AtomicReference<>());
    }
    synchronized (rows) {
      if (rows.get() == null) {
        rows.set(ShardRows.group(configuration, new Path(item.shard()), item.group()));
      }
      return rows.get().get(item.row());
    }
  }

  /** A local path not by Hadoop's parsing, which takes colons for schemes and resolves dots. */
  private static Path path(String text) {
    return text.startsWith("file:/") && !text.startsWith("file:///")
        ? new Path("file", null, text.substring("file:".length()))
        : new Path(text);
  }
}
