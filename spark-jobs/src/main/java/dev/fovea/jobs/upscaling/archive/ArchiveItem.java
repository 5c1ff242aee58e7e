package dev.fovea.jobs.upscaling.archive;

import java.io.Serializable;

/**
 * A picture to be upscaled.
 *
 * @param path fully qualified and unescaped; for a row of a shard the path of the picture in it
 * @param length bytes when it was listed; 0 for a row of a shard
 * @param modified when it was changed last, milliseconds since 1970; 0 for a row of a shard
 * @param output where the result goes, below the output root
 * @param shard the shard that holds it, empty for a file
 * @param group row group in the shard
 * @param row in the row group
 * @param earlier what an earlier run said of the output, a line of its manifest; empty if nothing
 */
record ArchiveItem(
    String path,
    long length,
    long modified,
    String output,
    String shard,
    int group,
    int row,
    String earlier)
    implements Serializable {
  static ArchiveItem ofFile(String path, long length, long modified, String output) {
    return new ArchiveItem(path, length, modified, output, "", 0, 0, "");
  }

  static ArchiveItem ofRow(String path, String output, String shard, int group, int row) {
    return new ArchiveItem(path, 0, 0, output, shard, group, row, "");
  }

  ArchiveItem withEarlier(String line) {
    return new ArchiveItem(path, length, modified, output, shard, group, row, line);
  }

  boolean inShard() {
    return !shard.isEmpty();
  }
}
