package dev.fovea.jobs.data.listing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names of folders by the ends of their paths. */
public final class FolderNames {
  private FolderNames() {}

  /**
   * The last part of each path; of paths that end alike, as many parts from their ends as it takes
   * for no two to have one name.
   *
   * @param paths qualified and each once
   */
  public static Map<String, String> distinct(Collection<String> paths) {
    Map<String, String> names = new HashMap<>();
    List<String> open = new ArrayList<>(paths);
    for (int parts = 1; !open.isEmpty(); parts++) {
      Map<String, List<String>> byName = new HashMap<>();
      for (String path : open) {
        byName.computeIfAbsent(end(path, parts), name -> new ArrayList<>()).add(path);
      }
      open = new ArrayList<>();
      for (Map.Entry<String, List<String>> alike : byName.entrySet()) {
        boolean whole = alike.getValue().stream().anyMatch(path -> path.equals(alike.getKey()));
        if (alike.getValue().size() == 1 || whole) {
          alike.getValue().forEach(path -> names.put(path, alike.getKey()));
        } else {
          open.addAll(alike.getValue());
        }
      }
    }
    return names;
  }

  private static String end(String path, int parts) {
    int from = path.length();
    for (int i = 0; i < parts; i++) {
      from = path.lastIndexOf('/', from - 1);
      if (from < 0) {
        return path;
      }
    }
    return path.substring(from + 1);
  }
}
