package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.shard.ShardManifest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * What a run of {@code prepare} led to.
 *
 * @param output the folder of shards, fully qualified
 * @param manifest what it holds
 * @param work whether anything had to be done
 */
public record PrepareSummary(Path output, ShardManifest manifest, Work work) {

  /** Whether anything had to be done. */
  public enum Work {
    DONE,
    /** The same shards were there already. */
    NOT_NEEDED
  }

  /** Pictures in the shards, before they were cut into sub-images. */
  public long kept() {
    return count("kept");
  }

  /** Files of the same content as one that is kept. */
  public long duplicates() {
    return count("duplicates");
  }

  /** Files that are no pictures, or none that can be used. */
  public long rejected() {
    return count("rejected");
  }

  /** Pictures stored as PNG: cut, turned upright, made opaque or sRGB. */
  public long reencoded() {
    return count("reencoded");
  }

  /** Pixels of the pictures kept. */
  public long pixels() {
    return count("pixels");
  }

  /** Bytes of all shards. */
  public long bytes() {
    return count("bytes");
  }

  static Map<String, Long> counts(
      long kept, long duplicates, long rejected, long reencoded, long pixels, long bytes) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("kept", kept);
    counts.put("duplicates", duplicates);
    counts.put("rejected", rejected);
    counts.put("reencoded", reencoded);
    counts.put("pixels", pixels);
    counts.put("bytes", bytes);
    return counts;
  }

  private long count(String name) {
    return manifest.counts().getOrDefault(name, 0L);
  }
}
