package dev.fovea.jobs.data.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * One shard's part of an index.
 *
 * @param groupRows rows of each row group
 * @param widths pixels, by row
 * @param heights pixels, by row
 * @param sha256s 32 bytes by row, one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on to the index at once.
record ShardFooter(int[] groupRows, int[] widths, int[] heights, byte[] sha256s) {
  /** On an object store a shard costs several round trips and no computing. */
  private static final int READERS = 8;

  static List<ShardFooter> readAll(
      Configuration configuration, List<Path> paths, List<ShardManifest.Shard> expected)
      throws IOException {
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try {
      List<Future<ShardFooter>> parts = new ArrayList<>();
      for (int shard = 0; shard < paths.size(); shard++) {
        Path path = paths.get(shard);
        ShardManifest.Shard written = expected.get(shard);
        parts.add(readers.submit(() -> read(configuration, path, written)));
      }
      List<ShardFooter> footers = new ArrayList<>();
      for (Future<ShardFooter> part : parts) {
        footers.add(part.get());
      }
      return footers;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while shards were read", e);
    } finally {
      readers.shutdownNow();
    }
  }

  private static ShardFooter read(
      Configuration configuration, Path path, ShardManifest.Shard expected) throws IOException {
    try (ShardFile shard = ShardFile.open(configuration, path)) {
      int[] groupRows = shard.groupRows();
      int rows = 0;
      for (int count : groupRows) {
        rows = Math.addExact(rows, count);
      }
      if (shard.length() != expected.length() || rows != expected.rows()) {
        throw new ShardException(
            path,
            "has %d rows in %d bytes, the manifest says %d rows in %d bytes"
                .formatted(rows, shard.length(), expected.rows(), expected.length()));
      }
      Narrow narrow = new Narrow(rows);
      for (int group = 0; group < groupRows.length; group++) {
        shard.forEachRow(group, ShardSchema.NARROW, narrow);
      }
      return new ShardFooter(groupRows, narrow.widths, narrow.heights, narrow.sha256s);
    }
  }

  private static final class Narrow implements ShardFile.RowVisitor {
    final int[] widths;
    final int[] heights;
    final byte[] sha256s;
    private int row;

    Narrow(int rows) {
      widths = new int[rows];
      heights = new int[rows];
      sha256s = new byte[Math.multiplyExact(rows, ShardIndex.SHA256_BYTES)];
    }

    @Override
    public void visit(RowMaterializer.Cells cells) {
      widths[row] = cells.width;
      heights[row] = cells.height;
      byte[] sha256 = HexFormat.of().parseHex(cells.sha256);
      System.arraycopy(sha256, 0, sha256s, row * ShardIndex.SHA256_BYTES, ShardIndex.SHA256_BYTES);
      row++;
    }
  }
}
