package dev.fovea.jobs.data.shard;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a folder of shards holds: the content of {@code _fovea/prepare.json}, written last of all,
 * so that a folder without it is not whole.
 *
 * @param version the version of this format, {@value #VERSION}
 * @param settings what the shards were made with, by name
 * @param inputs a fingerprint of the list of files that the shards were made of; empty if unknown
 * @param counts pictures by outcome and other figures, by name
 * @param shards the shards, in the order of their numbers
 * @param fingerprint SHA-256 over the sorted SHA-256s of all rows, lower-case hexadecimal
 */
@JsonPropertyOrder({"version", "settings", "inputs", "counts", "shards", "fingerprint"})
public record ShardManifest(
    int version,
    Map<String, String> settings,
    String inputs,
    Map<String, Long> counts,
    List<Shard> shards,
    String fingerprint) {

  public static final int VERSION = 1;

  /**
   * A shard as it was finished.
   *
   * @param name file name in the folder
   * @param rows pictures in it
   * @param length bytes of the file
   */
  @JsonPropertyOrder({"name", "rows", "length"})
  public record Shard(String name, long rows, long length) implements Serializable {
    public Shard {
      if (name.isEmpty() || name.contains("/")) {
        throw new IllegalArgumentException("shard '%s' is not a file name".formatted(name));
      }
      if (rows < 0 || length < 0) {
        throw new IllegalArgumentException(
            "shard %s: %d rows and %d bytes are not 0 or more".formatted(name, rows, length));
      }
    }
  }

  /**
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public ShardManifest {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "version %d is not %d, the one this program reads".formatted(version, VERSION));
    }
    if (inputs == null || fingerprint == null) {
      throw new IllegalArgumentException("inputs or fingerprint are missing");
    }
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    shards = List.copyOf(shards);
  }

  /** A manifest of this version. */
  public ShardManifest(
      Map<String, String> settings,
      String inputs,
      Map<String, Long> counts,
      List<Shard> shards,
      String fingerprint) {
    this(VERSION, settings, inputs, counts, shards, fingerprint);
  }

  /** Pictures and sub-images in all shards. */
  public long rows() {
    return shards.stream().mapToLong(Shard::rows).sum();
  }
}
