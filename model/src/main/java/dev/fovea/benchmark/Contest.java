package dev.fovea.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * Times contenders in turns, so that whatever else happens on the machine meets all of them alike.
 *
 * @param warmups how often each does the work unmeasured
 * @param turns how many times each is measured, 1 or more
 * @param worksPerTurn how often the work is done in a turn; above 1 a device that computes on its
 *     own is not waited for each time
 */
record Contest(int warmups, int turns, int worksPerTurn) {
  /** Someone who can do the work again and again. */
  interface Contender extends AutoCloseable {
    /** The name in the table. */
    String name();

    /** Does the work once, or has it done. */
    void work();

    /** Waits until all the work is done. */
    void finish();

    @Override
    void close();
  }

  /**
   * Measures everyone.
   *
   * @param work what is done, for the table
   */
  List<Measurement> run(String work, List<Contender> contenders) {
    for (Contender contender : contenders) {
      for (int i = 0; i < warmups; i++) {
        contender.work();
      }
      contender.finish();
    }
    long[][] nanos = new long[contenders.size()][turns];
    for (int turn = 0; turn < turns; turn++) {
      for (int c = 0; c < contenders.size(); c++) {
        nanos[c][turn] = time(contenders.get(c));
      }
    }
    List<Measurement> measurements = new ArrayList<>();
    for (int c = 0; c < contenders.size(); c++) {
      measurements.add(Measurement.of(contenders.get(c).name(), work, nanos[c]));
    }
    return measurements;
  }

  private long time(Contender contender) {
    // Once for nothing: the caches, and threads that still spin, are those of whoever worked
    // before.
    contender.work();
    contender.finish();
    long start = System.nanoTime();
    for (int i = 0; i < worksPerTurn; i++) {
      contender.work();
    }
    contender.finish();
    return (System.nanoTime() - start) / worksPerTurn;
  }
}
