package dev.fovea.jobs.data.shard;

import dev.fovea.jobs.support.digest.Sha256;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Every row of a folder of shards, without the pictures' bytes: about 56 bytes a row, so that it
 * can be broadcast.
 *
 * <p>Rows are numbered from 0 in the order of (shard, row group, row), which is the order they were
 * written in and the same wherever the folder is read. Immutable and safe for use by several
 * threads. Not a record, because Kryo 4 cannot read records.
 */
public final class ShardIndex implements Serializable {
  private static final long serialVersionUID = 1;
  static final int SHA256_BYTES = 32;

  private final String[] shards;

  /** Number of the first row of each row group, in order, and behind them the number of rows. */
  private final int[] groupStarts;

  /** Which shard each row group belongs to. */
  private final int[] groupShards;

  /** Number of the first row group of each shard, and behind them the number of row groups. */
  private final int[] shardStarts;

  private final int[] widths;
  private final int[] heights;
  private final byte[] sha256s;
  private final String fingerprint;

  /**
   * @param parts what was read of each shard, in the order of their numbers
   */
  ShardIndex(List<Path> paths, List<ShardFooter> parts) {
    shards = paths.stream().map(Path::toString).toArray(String[]::new);
    int groups = parts.stream().mapToInt(part -> part.groupRows().length).sum();
    int rows = parts.stream().mapToInt(part -> part.widths().length).reduce(0, Math::addExact);
    groupStarts = new int[groups + 1];
    groupShards = new int[groups];
    shardStarts = new int[parts.size() + 1];
    widths = new int[rows];
    heights = new int[rows];
    sha256s = new byte[Math.multiplyExact(rows, SHA256_BYTES)];
    int group = 0;
    int row = 0;
    for (int shard = 0; shard < parts.size(); shard++) {
      ShardFooter part = parts.get(shard);
      int count = part.widths().length;
      System.arraycopy(part.widths(), 0, widths, row, count);
      System.arraycopy(part.heights(), 0, heights, row, count);
      System.arraycopy(part.sha256s(), 0, sha256s, row * SHA256_BYTES, part.sha256s().length);
      shardStarts[shard] = group;
      for (int groupRows : part.groupRows()) {
        groupShards[group] = shard;
        groupStarts[group++] = row;
        row += groupRows;
      }
    }
    groupStarts[groups] = row;
    shardStarts[parts.size()] = group;
    fingerprint = fingerprint(sha256s);
  }

  /**
   * Reads the footers and the narrow columns of all shards that the folder's manifest names.
   *
   * @throws ShardException if the folder has no manifest (it is none of ours, or its preparation
   *     did not finish), or naming the shard that is missing, damaged or not the one that was
   *     written
   */
  public static ShardIndex read(Configuration configuration, Path folder) throws IOException {
    return read(configuration, List.of(folder));
  }

  /**
   * Reads several folders as one, in the order given.
   *
   * @throws ShardException as for one folder
   */
  public static ShardIndex read(Configuration configuration, List<Path> folders)
      throws IOException {
    Parts parts = new Parts();
    for (Path folder : folders) {
      ShardManifest manifest = manifest(configuration, folder);
      Parts own = new Parts();
      own.add(configuration, folder, manifest.shards());
      String found = own.index().fingerprint();
      if (!found.equals(manifest.fingerprint())) {
        throw new ShardException(
            folder,
            "its shards have the fingerprint %s, its manifest says %s"
                .formatted(found, manifest.fingerprint()));
      }
      parts.add(own);
    }
    return parts.index();
  }

  /**
   * Reads the same, but leaves out shards that are missing, damaged or not those that were written.
   *
   * @param damaged is told what is left out and why
   * @throws ShardException if a folder has no manifest, or no shard of any of them is whole
   */
  public static ShardIndex readWhole(
      Configuration configuration, List<Path> folders, Consumer<ShardException> damaged)
      throws IOException {
    Parts parts = new Parts();
    for (Path folder : folders) {
      for (ShardManifest.Shard shard : manifest(configuration, folder).shards()) {
        try {
          parts.add(configuration, folder, List.of(shard));
        } catch (ShardException e) {
          damaged.accept(e);
        }
      }
    }
    if (parts.paths.isEmpty()) {
      throw new ShardException(folders.get(0), "none of its shards can be read");
    }
    return parts.index();
  }

  private static ShardManifest manifest(Configuration configuration, Path folder)
      throws IOException {
    ShardFolder shards = new ShardFolder(configuration, folder);
    return shards
        .manifest()
        .orElseThrow(
            () ->
                new ShardException(
                    folder,
                    "is not a folder of whole shards: %s is missing"
                        .formatted(shards.manifestPath())));
  }

  /** Reads shards that have no manifest yet. */
  public static ShardIndex read(
      Configuration configuration, Path folder, List<ShardManifest.Shard> shards)
      throws IOException {
    Parts parts = new Parts();
    parts.add(configuration, folder, shards);
    return parts.index();
  }

  /** Shards as they are read, one behind the other. */
  private static final class Parts {
    private final List<Path> paths = new ArrayList<>();
    private final List<ShardFooter> footers = new ArrayList<>();

    void add(Configuration configuration, Path folder, List<ShardManifest.Shard> shards)
        throws IOException {
      List<Path> own = shards.stream().map(shard -> new Path(folder, shard.name())).toList();
      footers.addAll(ShardFooter.readAll(configuration, own, shards));
      paths.addAll(own);
    }

    void add(Parts others) {
      paths.addAll(others.paths);
      footers.addAll(others.footers);
    }

    ShardIndex index() {
      return new ShardIndex(paths, footers);
    }
  }

  /** Number of rows. */
  public int size() {
    return widths.length;
  }

  /**
   * SHA-256 over the sorted SHA-256s of all rows: what the data is, however it is cut in shards.
   */
  public String fingerprint() {
    return fingerprint;
  }

  public int shardCount() {
    return shards.length;
  }

  public Path shardPath(int shard) {
    return new Path(shards[shard]);
  }

  /** Row groups of all shards together. */
  public int groupCount() {
    return groupShards.length;
  }

  /** The first row of a row group, counted over all shards; rows of a group follow each other. */
  public int groupStart(int group) {
    return groupStarts[group];
  }

  /** The row after the last of a row group, counted over all shards. */
  public int groupEnd(int group) {
    return groupStarts[group + 1];
  }

  /** The row group, counted over all shards, that holds a row. */
  public int groupOf(int row) {
    checkRow(row);
    int at = Arrays.binarySearch(groupStarts, row);
    // Groups are never empty, so a start is found once.
    return at >= 0 ? at : -at - 2;
  }

  public ShardAddress address(int row) {
    int group = groupOf(row);
    int shard = groupShards[group];
    return new ShardAddress(shard, group - shardStarts[shard], row - groupStarts[group]);
  }

  /**
   * The number of the row that lies at an address.
   *
   * @throws IllegalArgumentException if there is none
   */
  public int row(ShardAddress address) {
    if (address.shard() < shards.length) {
      int group = shardStarts[address.shard()] + address.rowGroup();
      if (group < shardStarts[address.shard() + 1]
          && address.row() < groupEnd(group) - groupStart(group)) {
        return groupStarts[group] + address.row();
      }
    }
    throw new IllegalArgumentException("the shards have no row at %s".formatted(address));
  }

  /** Pixels, after orientation. */
  public int width(int row) {
    return widths[row];
  }

  /** Pixels, after orientation. */
  public int height(int row) {
    return heights[row];
  }

  /** SHA-256 of the row's bytes, 64 hexadecimal digits. */
  public String sha256(int row) {
    checkRow(row);
    return HexFormat.of().formatHex(sha256s, row * SHA256_BYTES, (row + 1) * SHA256_BYTES);
  }

  /**
   * A number that belongs to the picture and not to its place: the first 8 bytes of its SHA-256.
   * Seeds derive from it.
   */
  public long pictureId(int row) {
    checkRow(row);
    return ByteBuffer.wrap(sha256s).getLong(row * SHA256_BYTES);
  }

  private void checkRow(int row) {
    Objects.checkIndex(row, size());
  }

  private static String fingerprint(byte[] sha256s) {
    byte[][] rows = new byte[sha256s.length / SHA256_BYTES][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(sha256s, row * SHA256_BYTES, (row + 1) * SHA256_BYTES);
    }
    Arrays.sort(rows, Arrays::compareUnsigned);
    MessageDigest digest = Sha256.digest();
    for (byte[] row : rows) {
      digest.update(row);
    }
    return Sha256.hex(digest);
  }
}
