package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.WorkerReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Sums up the rounds of an epoch. The waiting share is the part of the workers' time in which they
 * waited for data. Not thread-safe.
 *
 * @param <F> the figures of an optimiser step
 */
public abstract class EpochFigures<F> {
  private long samples;
  private double seconds;
  private double workerSeconds;
  private double secondsWaited;

  final void add(RoundResult<F> round) {
    round.figures().forEach(this::add);
    for (WorkerReport worker : round.workers()) {
      workerSeconds += worker.seconds();
      secondsWaited += worker.secondsWaited();
    }
    samples += round.samples();
    seconds += round.seconds();
  }

  /** One optimiser step of the epoch. */
  protected abstract void add(F step);

  /** What the epoch is about in one short phrase, for a progress bar. */
  protected abstract String remark();

  /** The figures of its steps for people. */
  protected abstract String text();

  /** The figures of its steps by the name of their events; losses and norms are means. */
  protected abstract Map<String, Double> events();

  /** What a person should know about the epoch, one line each. */
  protected List<Warning> warnings() {
    return List.of();
  }

  /**
   * Something that goes wrong.
   *
   * @param event the name of its event, whose value is 1
   * @param text one line
   */
  public record Warning(String event, String text) {}

  double picturesPerSecond() {
    return samples / seconds;
  }

  double waitingShare() {
    return workerSeconds > 0 ? secondsWaited / workerSeconds : 0;
  }

  long samples() {
    return samples;
  }

  /** A loss or norm for people, to four digits. */
  protected static String figure(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
