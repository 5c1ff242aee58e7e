package dev.fovea.jobs.support.console;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes texts fit for a terminal and a log. Names of files and what pictures say of themselves may
 * hold anything: sequences that move the cursor or set the title of a terminal, ends of lines that
 * make a name look like a message, marks that show a text backwards.
 */
public final class Printable {
  private static final Pattern CONTROLS =
      Pattern.compile(
          "[\\p{Cc}&&[^\\t]]|[\\u2028\\u2029\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

  private Printable() {}

  /** One line, what controls a terminal written as in Java: {@code \\u001b} for escape. */
  public static String line(String text) {
    return CONTROLS.matcher(text).replaceAll(Printable::escaped);
  }

  private static String escaped(MatchResult found) {
    return switch (found.group()) {
      case "\n" -> "\\\\n";
      case "\r" -> "\\\\r";
      default -> String.format(Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0));
    };
  }
}
