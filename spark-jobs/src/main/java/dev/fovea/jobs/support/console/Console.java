package dev.fovea.jobs.support.console;

import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * Where a job speaks: results on stdout; progress, warnings and errors on stderr.
 *
 * <p>Whatever is printed is made {@linkplain Printable printable}, and ends of lines in it are
 * shown, since they are those of a file's name. Safe for use by several threads; a progress bar and
 * lines printed meanwhile do not mix.
 */
public final class Console {
  private final PrintWriter out;
  private final PrintWriter err;
  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private String bar = "";

  public Console(PrintWriter out, PrintWriter err, Terminal terminal) {
    this(out, err, terminal, System::nanoTime);
  }

  Console(PrintWriter out, PrintWriter err, Terminal terminal, LongSupplier nanoTime) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /** A line of the result, on stdout. */
  public synchronized void line(String text) {
    eraseBar();
    out.println(Printable.line(text));
    out.flush();
    drawBar();
  }

  /** Lines of the result that were put together before, on stdout. */
  public void lines(String text) {
    text.lines().forEach(this::line);
  }

  /** A table of the result, on stdout. */
  public void table(Table table) {
    table.lines().forEach(this::line);
  }

  /** A line about how things go, on stderr. */
  public synchronized void note(String text) {
    eraseBar();
    err.println(Printable.line(text));
    err.flush();
    drawBar();
  }

  /**
   * Starts to show progress, as a bar on a terminal and as a line now and then elsewhere.
   *
   * @param title what is being done
   * @param total steps to come; 0 or less if that is not known
   * @param unit what is counted, in the plural
   */
  public Progress progress(String title, long total, String unit) {
    return new Progress(this, title, total, unit, nanoTime);
  }

  Terminal terminal() {
    return terminal;
  }

  synchronized void showBar(String text) {
    eraseBar();
    bar = text;
    drawBar();
  }

  private void eraseBar() {
    if (!bar.isEmpty()) {
      err.print("\r" + " ".repeat(bar.length()) + "\r");
      err.flush();
    }
  }

  private void drawBar() {
    if (!bar.isEmpty()) {
      err.print("\r" + bar);
      err.flush();
    }
  }
}
