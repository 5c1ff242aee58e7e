package dev.fovea.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * Times contenders in turns, so that whatever else happens on the machine meets all of them alike.
 */
final class Contest {
  private Contest() {}

  /** Someone who can do the work again and again. */
  interface Contender extends AutoCloseable {
    /** The name in the table. */
    String name();

    /** Does the work once and waits for its end. */
    void work();

    @Override
    void close();
  }

  /**
   * Lets everyone work {@code warmups} times unmeasured and {@code repetitions} times measured.
   *
   * @param work what is done, for the table
   */
  static List<Measurement> run(
      String work, List<? extends Contender> contenders, int warmups, int repetitions) {
    for (Contender contender : contenders) {
      for (int i = 0; i < warmups; i++) {
        contender.work();
      }
    }
    long[][] nanos = new long[contenders.size()][repetitions];
    for (int i = 0; i < repetitions; i++) {
      for (int c = 0; c < contenders.size(); c++) {
        long start = System.nanoTime();
        contenders.get(c).work();
        nanos[c][i] = System.nanoTime() - start;
      }
    }
    List<Measurement> measurements = new ArrayList<>();
    for (int c = 0; c < contenders.size(); c++) {
      measurements.add(Measurement.of(contenders.get(c).name(), work, nanos[c]));
    }
    return measurements;
  }
}
