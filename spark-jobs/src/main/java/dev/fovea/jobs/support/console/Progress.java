package dev.fovea.jobs.support.console;

import java.time.Duration;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How far a job has come: steps done, rate and the time left.
 *
 * <p>On a terminal a bar that is redrawn at most ten times a second; elsewhere a line every five
 * seconds at most, and none for what is done sooner. Safe for use by several threads.
 */
public final class Progress implements AutoCloseable {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long WATCH_MILLIS = 200;
  private static final int WIDEST_BAR = 30;
  private static final int NARROWEST_BAR = 8;

  private final Console console;
  private final String title;
  private final long total;
  private final String unit;
  private final LongSupplier nanoTime;
  private final long started;
  private long shown;
  private long done;
  private String remark = "";
  private Timer watcher;

  Progress(Console console, String title, long total, String unit, LongSupplier nanoTime) {
    this.console = console;
    this.title = title;
    this.total = total;
    this.unit = unit;
    this.nanoTime = nanoTime;
    started = nanoTime.getAsLong();
    shown = started;
  }

  /** Counts further steps as done. */
  public synchronized void add(long steps) {
    advanceTo(done + steps);
  }

  /** Sets the number of steps done. */
  public synchronized void advanceTo(long steps) {
    done = steps;
    showIfDue();
  }

  /** Sets what stands behind the bar, such as the loss. */
  public synchronized void remark(String text) {
    remark = text;
    showIfDue();
  }

  /** Asks for the number of steps done now and then, until closed. */
  public synchronized Progress watch(LongSupplier steps) {
    watcher = new Timer("progress", true);
    watcher.schedule(
        new TimerTask() {
          @Override
          public void run() {
            advanceTo(steps.getAsLong());
          }
        },
        WATCH_MILLIS,
        WATCH_MILLIS);
    return this;
  }

  /** Time since the start. */
  public Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - started);
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    synchronized (this) {
      if (watcher != null) {
        watcher.cancel();
      }
    }
    if (console.terminal().interactive()) {
      console.showBar("");
    }
  }

  private void showIfDue() {
    boolean interactive = console.terminal().interactive();
    long now = nanoTime.getAsLong();
    boolean news = interactive || done > 0;
    if (!news || now - shown < (interactive ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    shown = now;
    if (interactive) {
      console.showBar(bar(console.terminal().columns() - 1));
    } else {
      console.note(title + ": " + figures());
    }
  }

  private String bar(int columns) {
    String text = figures();
    int room = columns - title.length() - text.length() - 4;
    String line;
    if (total > 0 && room >= NARROWEST_BAR) {
      int width = Math.min(room, WIDEST_BAR);
      int filled = (int) (width * Math.min(1.0, (double) done / total));
      line = title + " [" + "#".repeat(filled) + "-".repeat(width - filled) + "] " + text;
    } else {
      line = title + " " + text;
    }
    return line.length() > columns ? line.substring(0, columns) : line;
  }

  private String figures() {
    StringBuilder text = new StringBuilder();
    if (total > 0) {
      text.append(String.format(Locale.ROOT, "%3.0f%% ", 100.0 * Math.min(done, total) / total));
      text.append(Figures.count(done)).append('/').append(Figures.count(total));
    } else {
      text.append(Figures.count(done));
    }
    text.append(' ').append(unit);
    double seconds = elapsed().toNanos() / 1e9;
    if (done > 0 && seconds > 0) {
      double rate = done / seconds;
      text.append(", ").append(Figures.decimal(rate)).append("/s");
      if (total > done) {
        Duration left = Duration.ofMillis(Math.round(1000 * (total - done) / rate));
        text.append(", ").append(Figures.duration(left)).append(" left");
      }
    }
    return remark.isEmpty() ? text.toString() : text + ", " + remark;
  }
}
