package dev.fovea.run;

import java.util.Comparator;
import java.util.List;

/** Which of a run's figures is the best one. */
public final class BestFigure {
  private static final String TEST = "test/";

  private BestFigure() {}

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
