package dev.fovea.jobs.support.console;

import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where progress is shown.
 *
 * @param interactive whether a line can be drawn over
 * @param columns characters in a line, 20 or more
 */
public record Terminal(boolean interactive, int columns) {
  /** A file, a pipe or the log of a scheduler. */
  public static final Terminal NONE = new Terminal(false, 120);

  /** Set by the launcher to the width of the terminal that stderr goes to, or to 0. */
  static final String COLUMNS_PROPERTY = "fovea.terminal.columns";

  private static final int USUAL_COLUMNS = 80;
  private static final int FEWEST_COLUMNS = 20;

  /**
   * @throws IllegalArgumentException if there are fewer than 20 columns
   */
  public Terminal {
    if (columns < FEWEST_COLUMNS) {
      throw new IllegalArgumentException(
          "%d columns are not %d or more".formatted(columns, FEWEST_COLUMNS));
    }
  }

  /** The terminal of this process. */
  @SuppressWarnings("SystemConsoleNull") // Java 17 returns null without a terminal.
  public static Terminal detect() {
    return detect(System::getProperty, System.getenv(), System.console() != null);
  }

  /**
   * Java 17 cannot ask whether stderr is a terminal, so that the launcher does; without it, stdin
   * and stdout are taken for the answer.
   */
  static Terminal detect(
      UnaryOperator<String> properties, Map<String, String> environment, boolean javaConsole) {
    int told = number(properties.apply(COLUMNS_PROPERTY), -1);
    if (told == 0 || "dumb".equals(environment.get("TERM")) || (told < 0 && !javaConsole)) {
      return NONE;
    }
    int columns = told > 0 ? told : number(environment.get("COLUMNS"), USUAL_COLUMNS);
    return new Terminal(true, Math.max(FEWEST_COLUMNS, columns));
  }

  private static int number(String text, int otherwise) {
    if (text == null || !text.matches("\\d{1,4}")) {
      return otherwise;
    }
    return Integer.parseInt(text);
  }
}
