package dev.fovea.jobs.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How options may be written: {@code --train_images_path} is {@code --train-images-path}. */
final class Spelling {
  private Spelling() {}

  /**
   * Turns the snake_case spelling of known options into ours. Everything else stays as it is,
   * values and what follows {@code --} included.
   *
   * @param known names of options, with their dashes
   */
  static List<String> normalised(List<String> arguments, Collection<String> known) {
    List<String> normalised = new ArrayList<>();
    boolean options = true;
    for (String argument : arguments) {
      options = options && !argument.equals("--");
      normalised.add(options ? normalised(argument, known) : argument);
    }
    return normalised;
  }

  private static String normalised(String argument, Collection<String> known) {
    if (!argument.startsWith("--")) {
      return argument;
    }
    String name = name(argument);
    String kebab = name.replace('_', '-');
    return known.contains(kebab) ? kebab + argument.substring(name.length()) : argument;
  }

  /** An option without its {@code =value}. */
  static String name(String argument) {
    int end = argument.indexOf('=');
    return end < 0 ? argument : argument.substring(0, end);
  }

  /** The known word nearest to one that is not known, if it is near enough to be meant. */
  static Optional<String> nearest(String word, Collection<String> known) {
    String kebab = word.replace('_', '-');
    int furthest = Math.max(2, kebab.length() / 3);
    return known.stream()
        .filter(candidate -> distance(kebab, candidate) <= furthest)
        .min(
            Comparator.comparingInt((String candidate) -> distance(kebab, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Levenshtein's: characters to insert, delete or change. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
