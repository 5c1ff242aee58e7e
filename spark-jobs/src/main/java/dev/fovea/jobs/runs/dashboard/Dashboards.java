package dev.fovea.jobs.runs.dashboard;

import dev.fovea.jobs.runs.record.Dashboard;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunObserver;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands a run's figures to its dashboards. One that fails is told of once and is given what it
 * missed the next time: none of them stops the run. Used by one thread.
 */
final class Dashboards implements RunObserver {
  /** What a dashboard that fails for ever may hold back of what it was not given. */
  private static final int MOST_PENDING = 100_000;

  private final Consumer<String> note;
  private final List<Open> open = new ArrayList<>();
  private long lastShown;

  private static final class Open {
    private final Dashboard dashboard;
    private List<RunEvent> events = new ArrayList<>();
    private List<Shown> shown = new ArrayList<>();
    private boolean failed;

    Open(Dashboard dashboard) {
      this.dashboard = dashboard;
    }
  }

  /** Makes a dashboard. */
  interface Opening {
    Dashboard open() throws IOException;
  }

  /**
   * @param lastShown the step of the last pictures that are known already; -1 if there are none
   * @param note takes a line about a dashboard that fails
   */
  Dashboards(long lastShown, Consumer<String> note) {
    this.lastShown = lastShown;
    this.note = note;
  }

  /** Adds a dashboard; one that cannot be opened is told of and left out. */
  void add(String name, Opening opening) {
    try {
      open.add(new Open(opening.open()));
    } catch (IOException | RuntimeException e) {
      note.accept("%s: %s; training goes on without".formatted(name, reason(e)));
    }
  }

  @Override
  public void recorded(List<RunEvent> events) {
    for (Open each : open) {
      each.events.addAll(events);
      update(each);
    }
  }

  /** Pictures that an earlier part of the run has shown are not shown again. */
  @Override
  public void shown(Shown shown) {
    if (shown.step() > lastShown) {
      lastShown = shown.step();
      open.forEach(each -> each.shown.add(shown));
    }
  }

  void end(RunState state) {
    for (Open each : open) {
      update(each);
      attempt(each, () -> each.dashboard.end(state));
    }
  }

  private void update(Open each) {
    attempt(
        each,
        () -> {
          each.dashboard.update(List.copyOf(each.events), List.copyOf(each.shown));
          each.events = new ArrayList<>();
          each.shown = new ArrayList<>();
        });
    if (each.events.size() > MOST_PENDING) {
      each.events = new ArrayList<>();
      each.shown = new ArrayList<>();
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private void attempt(Open each, Attempt attempt) {
    try {
      attempt.run();
    } catch (IOException | RuntimeException e) {
      if (!each.failed) {
        each.failed = true;
        note.accept("%s: %s; training goes on".formatted(each.dashboard.name(), reason(e)));
      }
    }
  }

  private static String reason(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse("");
  }
}
