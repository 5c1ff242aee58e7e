package dev.fovea.jobs.support.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines and columns of text, aligned: words to the left, figures to the right.
 *
 * <p>Not safe for use by several threads.
 */
public final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final int columns;

  public Table(String... titles) {
    columns = titles.length;
    rows.add(List.of(titles));
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has not one cell for each title
   */
  public Table row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "a row of %d cells in a table of %d columns".formatted(cells.length, columns));
    }
    rows.add(Arrays.stream(cells).map(Printable::line).toList());
    return this;
  }

  /** The lines to print, without trailing blanks; titles that are all empty are left out. */
  public List<String> lines() {
    List<List<String>> shown =
        rows.get(0).stream().allMatch(String::isEmpty) ? rows.subList(1, rows.size()) : rows;
    int[] widths = new int[columns];
    boolean[] figures = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      int at = column;
      widths[column] = shown.stream().mapToInt(row -> length(row.get(at))).max().orElse(0);
      figures[column] =
          rows.size() > 1
              && rows.subList(1, rows.size()).stream().allMatch(row -> isFigure(row.get(at)));
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : shown) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        String cell = row.get(column);
        String padding = " ".repeat(widths[column] - length(cell));
        line.append(column == 0 ? "" : GAP)
            .append(figures[column] ? padding + cell : cell + padding);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private static boolean isFigure(String cell) {
    return cell.isEmpty() || cell.equals("-") || cell.matches("[-+]?[0-9][0-9,.]*( ?\\S{1,3})?");
  }
}
