package dev.fovea.jobs.evaluation.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Short names for models: as much of the end of each path as tells them all apart. */
public final class ModelIds {
  private ModelIds() {}

  /**
   * The ids in the order of the qualified paths: {@code a/checkpoint} and {@code b/checkpoint} keep
   * two elements, {@code a/first} and {@code b/second} one. None is {@value Report#BICUBIC}.
   *
   * @throws IllegalArgumentException if a path is there twice, naming it
   */
  public static List<String> of(List<String> paths) {
    List<String[]> elements = paths.stream().map(ModelIds::elements).toList();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      ids.add(id(elements, i, paths.get(i)));
    }
    return ids;
  }

  private static String id(List<String[]> elements, int index, String path) {
    String[] own = elements.get(index);
    for (int kept = 1; kept <= own.length; kept++) {
      String candidate = tail(own, kept);
      boolean unique = !candidate.equals(Report.BICUBIC);
      for (int other = 0; other < elements.size(); other++) {
        unique &= other == index || !candidate.equals(tail(elements.get(other), kept));
      }
      if (unique) {
        return candidate;
      }
    }
    String whole = tail(own, own.length);
    for (int other = 0; other < elements.size(); other++) {
      if (other != index && whole.equals(tail(elements.get(other), elements.get(other).length))) {
        throw new IllegalArgumentException("'%s' is named twice".formatted(path));
      }
    }
    return "./" + whole;
  }

  private static String[] elements(String path) {
    String plain =
        path.replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*:", "").replaceFirst("^//[^/@]*@", "");
    return Arrays.stream(plain.split("/", -1))
        .filter(element -> !element.isEmpty() && !element.equals("."))
        .toArray(String[]::new);
  }

  private static String tail(String[] elements, int kept) {
    int from = Math.max(0, elements.length - kept);
    return String.join("/", Arrays.copyOfRange(elements, from, elements.length));
  }
}
