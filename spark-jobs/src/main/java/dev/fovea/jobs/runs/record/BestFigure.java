package dev.fovea.jobs.runs.record;

import java.util.Comparator;
import java.util.List;

/** Which of a run's figures is the best one. */
public final class BestFigure {
  private static final String TEST = "test/";

  private BestFigure() {}

  /** Whether one value of a figure is better than another: speed and norms are no such figures. */
  static boolean exists(String name) {
    return name.startsWith(TEST) || name.endsWith("loss") || name.endsWith("/reconstruction");
  }

  /**
   * The largest where larger is better, which it is for what is measured on test pictures; else the
   * smallest. Of equal ones the first.
   *
   * @param events one or more of the same name
   */
  public static RunEvent of(List<RunEvent> events) {
    Comparator<RunEvent> better = Comparator.comparingDouble(RunEvent::value);
    if (events.get(0).name().startsWith(TEST)) {
      better = better.reversed();
    }
    return events.stream().min(better).orElseThrow();
  }
}
