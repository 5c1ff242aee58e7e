package dev.fovea.jobs.support.page;

/**
 * Text made safe for HTML. File names may hold anything that a file system takes: markup, quotes,
 * line breaks, marks that turn the direction of writing. All of it is shown, none of it works.
 */
public final class Html {
  private static final char CONTROL_PICTURES = '\u2400';
  private static final char DELETE_PICTURE = '\u2421';
  private static final char REPLACEMENT = '\uFFFD';

  private Html() {}

  /** Escaped for element content and for attributes in quotes of either kind. */
  public static String text(String raw) {
    String visible = visible(raw);
    StringBuilder escaped = new StringBuilder(visible.length() + 16);
    for (int i = 0; i < visible.length(); i++) {
      char c = visible.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /**
   * The text with a visible sign for each character that has none: a line break becomes &#x240A;.
   */
  public static String visible(String raw) {
    StringBuilder shown = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c < ' ') {
        shown.append((char) (CONTROL_PICTURES + c));
      } else if (c == '\u007F') {
        shown.append(DELETE_PICTURE);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < raw.length()
          && Character.isLowSurrogate(raw.charAt(i + 1))) {
        shown.append(c).append(raw.charAt(++i));
      } else if (isInvisible(c)) {
        shown.append(REPLACEMENT);
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  /**
   * JSON that may stand inside a script element: no end tag, no comment and no line separator of
   * JavaScript is left in its strings, and every JSON reader still reads the same values.
   */
  public static String scriptJson(String json) {
    return json.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static boolean isInvisible(char c) {
    boolean control = c >= '\u0080' && c < '\u00A0';
    boolean lineSeparator = c == '\u2028' || c == '\u2029';
    boolean direction =
        (c >= '\u202A' && c <= '\u202E')
            || (c >= '\u2066' && c <= '\u2069')
            || c == '\u200E'
            || c == '\u200F'
            || c == '\u061C';
    return control || lineSeparator || direction || c == '\uFEFF' || Character.isSurrogate(c);
  }
}
