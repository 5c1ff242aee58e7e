package dev.fovea.jobs.support.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One self-contained HTML document: style and scripts stand in it, and its content security policy
 * lets it load nothing but pictures that lie beside it. Opens from disk and from an object store.
 *
 * <p>Content is HTML already: whoever adds it escapes what it quotes by {@link Html#text}.
 */
public final class Page {
  private static final String POLICY =
      "default-src 'none'; img-src 'self' data: file:; style-src 'unsafe-inline'; script-src"
          + " 'unsafe-inline'; base-uri 'none'; form-action 'none'";

  private final String title;
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder style = new StringBuilder(resource(Page.class, "page.css"));
  private final List<String> scripts = new ArrayList<>();

  /**
   * A page with the common style and the switch between light and dark.
   *
   * @param title plain text, for the browser's tab
   */
  public Page(String title) {
    this.title = title;
    scripts.add(resource(Page.class, "page.js"));
  }

  /** Adds a piece of HTML. */
  public Page add(String html) {
    content.append(html).append('\n');
    return this;
  }

  /** Adds rules behind the common ones. */
  public Page style(String css) {
    style.append('\n').append(css);
    return this;
  }

  /** Adds a script, which runs when the content is there. */
  public Page script(String javascript) {
    scripts.add(javascript);
    return this;
  }

  /** Adds JSON that scripts find by the id of its element. */
  public Page data(String id, String json) {
    return add(
        "<script type=\"application/json\" id=\"%s\">%s</script>"
            .formatted(Html.text(id), Html.scriptJson(json)));
  }

  /** The whole document. */
  public String html() {
    StringBuilder html = new StringBuilder(content.length() + style.length() + 4096);
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .append(POLICY)
        .append("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<meta name=\"color-scheme\" content=\"light dark\">\n")
        .append("<link rel=\"icon\" href=\"data:,\">\n<title>")
        .append(Html.text(title))
        .append("</title>\n<style>\n")
        .append(style)
        .append("</style>\n</head>\n<body>\n")
        .append(content);
    for (String script : scripts) {
      html.append("<script>\n").append(script).append("</script>\n");
    }
    return html.append("</body>\n</html>\n").toString();
  }

  /**
   * A text that lies beside a class.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static String resource(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "there is no resource %s beside %s".formatted(name, beside.getName()));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + name + " cannot be read", e);
    }
  }
}
