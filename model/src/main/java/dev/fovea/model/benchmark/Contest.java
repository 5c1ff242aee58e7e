package dev.fovea.model.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Times contenders in turns, so that whatever else happens on the machine meets all of them alike.
 * Only one is open at a time: threads of another that wait for work would slow it down.
 *
 * @param warmups how often each does the work unmeasured at the beginning of a turn
 * @param turns how many times each is measured, 1 or more
 * @param worksPerTurn how often the work is done in a turn; above 1 a device that computes on its
 *     own is not waited for each time
 */
record Contest(int warmups, int turns, int worksPerTurn) {
  /**
   * Someone to be measured.
   *
   * @param name in the table
   * @param opened makes it ready to work
   */
  record Contender(String name, Supplier<Worker> opened) {}

  /** Does the work again and again. */
  interface Worker extends AutoCloseable {
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
   * @param said is told each time when it is known
   */
  List<Measurement> run(String work, List<Contender> contenders, Consumer<String> said) {
    long[][] nanos = new long[contenders.size()][turns];
    for (int turn = 0; turn < turns; turn++) {
      for (int c = 0; c < contenders.size(); c++) {
        try (Worker worker = contenders.get(c).opened().get()) {
          nanos[c][turn] = time(worker);
        }
        said.accept(
            String.format(
                Locale.ROOT,
                "%s, turn %d of %d: %s %.1f ms",
                work,
                turn + 1,
                turns,
                contenders.get(c).name(),
                nanos[c][turn] / 1e6));
      }
    }
    List<Measurement> measurements = new ArrayList<>();
    for (int c = 0; c < contenders.size(); c++) {
      measurements.add(Measurement.of(contenders.get(c).name(), work, nanos[c]));
    }
    return measurements;
  }

  private long time(Worker worker) {
    for (int i = 0; i < warmups; i++) {
      worker.work();
    }
    worker.finish();
    long start = System.nanoTime();
    for (int i = 0; i < worksPerTurn; i++) {
      worker.work();
    }
    worker.finish();
    return (System.nanoTime() - start) / worksPerTurn;
  }
}
