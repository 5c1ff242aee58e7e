package dev.fovea.model.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code MANIFEST.json}: the length and SHA-256 of every other file of a checkpoint, written last.
 *
 * @param files by name
 */
public record Manifest(Map<String, Entry> files) {
  /** The file's name. */
  public static final String NAME = "MANIFEST.json";

  private static final int VERSION = 1;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * What a file has to be.
   *
   * @param length in bytes
   * @param sha256 in lower-case hexadecimal
   */
  public record Entry(long length, String sha256) {}

  public Manifest {
    files = Map.copyOf(files);
  }

  byte[] format() {
    ObjectNode root = StrictJson.create(VERSION);
    ObjectNode entries = root.putObject("files");
    new TreeMap<>(files)
        .forEach(
            (name, entry) ->
                entries
                    .putObject(name)
                    .put("length", entry.length())
                    .put("sha256", entry.sha256()));
    return StrictJson.format(root);
  }

  /**
   * Reads a manifest.
   *
   * @param required names that have to be there
   * @param optional groups of names that have to be there all or none; others are refused
   */
  static Manifest parse(byte[] bytes, List<String> required, List<List<String>> optional)
      throws DamagedFileException {
    StrictJson root = StrictJson.parse(NAME, bytes, VERSION);
    StrictJson entries = root.object("files");
    Map<String, Entry> files = new TreeMap<>();
    List<String> names = new ArrayList<>(required);
    for (List<String> group : optional) {
      if (!Collections.disjoint(entries.keys(), group)) {
        names.addAll(group);
      }
    }
    for (String name : names) {
      StrictJson entry = entries.object(name);
      long length = entry.integer("length", 0, Long.MAX_VALUE);
      String sha256 = entry.text("sha256");
      if (!SHA256.matcher(sha256).matches()) {
        throw new DamagedFileException(
            NAME, "files.%s.sha256 is not 64 hexadecimal digits".formatted(name));
      }
      entry.end();
      files.put(name, new Entry(length, sha256));
    }
    entries.end();
    root.end();
    return new Manifest(files);
  }
}
