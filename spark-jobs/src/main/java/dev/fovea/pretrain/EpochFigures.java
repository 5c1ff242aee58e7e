package dev.fovea.pretrain;

import dev.fovea.averaging.RoundResult;
import dev.fovea.averaging.WorkerReport;
import dev.fovea.engine.StepFigures;

/**
 * Sums up the rounds of an epoch. Losses and norms are means over its steps; the waiting share is
 * the part of the workers' time in which they waited for data. Not thread-safe.
 */
final class EpochFigures {
  private double reconstruction;
  private double totalVariation;
  private double gradientNorm;
  private long steps;
  private long samples;
  private double seconds;
  private double workerSeconds;
  private double secondsWaited;

  void add(RoundResult round) {
    for (StepFigures figures : round.figures()) {
      reconstruction += figures.reconstruction();
      totalVariation += figures.totalVariation();
      gradientNorm += figures.gradientNorm();
      steps++;
    }
    for (WorkerReport worker : round.workers()) {
      workerSeconds += worker.seconds();
      secondsWaited += worker.secondsWaited();
    }
    samples += round.samples();
    seconds += round.seconds();
  }

  double reconstruction() {
    return reconstruction / steps;
  }

  double totalVariation() {
    return totalVariation / steps;
  }

  double gradientNorm() {
    return gradientNorm / steps;
  }

  double picturesPerSecond() {
    return samples / seconds;
  }

  double waitingShare() {
    return workerSeconds > 0 ? secondsWaited / workerSeconds : 0;
  }

  long samples() {
    return samples;
  }
}
