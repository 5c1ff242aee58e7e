package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.evaluation.training.TrainingEvaluation.Outcome;
import dev.fovea.jobs.evaluation.training.TrainingEvaluationJob;
import dev.fovea.jobs.models.store.ForeignCheckpointException;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Progress;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.StoppedOnRequestException;
import dev.fovea.jobs.training.averaging.Incident;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.WorkerReport;
import dev.fovea.jobs.training.averaging.dl4j.AveragingRun;
import dev.fovea.jobs.training.epoch.EpochPlan;
import dev.fovea.jobs.training.epoch.TrainingRows;
import dev.fovea.jobs.training.loop.Checkpointing.OnFailure;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import java.io.IOException;
import java.util.Locale;

/**
 * Epoch after epoch, round after round, until the budget is used up; evaluates and saves on the way
 * and at the end. Not thread-safe.
 *
 * @param <F> the figures of an optimiser step
 */
final class TrainingLoop<F> {
  private final RunSettings settings;
  private final Stage<F> stage;
  private final TrainingRows pictures;
  private final int workers;
  private final AveragingRun<F> averaging;
  private final TrainingEvaluationJob evaluation;
  private final RunCheckpoints checkpoints;
  private final RunEvents events;
  private final Console console;
  private final StopRequest stop;
  private final RoundLength roundLength;
  private final long plannedSteps;
  private final double minutesBefore;
  private final long begin = System.nanoTime();

  private Position position;
  private Outcome lastOutcome;
  private long evaluatedAt = -1;
  private long savedAt;
  private long savedNanos = System.nanoTime();

  TrainingLoop(
      RunSettings settings,
      Stage<F> stage,
      TrainingRows pictures,
      int workers,
      AveragingRun<F> averaging,
      TrainingEvaluationJob evaluation,
      RunCheckpoints checkpoints,
      RunEvents events,
      Console console,
      StopRequest stop,
      Position start) {
    this.settings = settings;
    this.stage = stage;
    this.pictures = pictures;
    this.workers = workers;
    this.averaging = averaging;
    this.evaluation = evaluation;
    this.checkpoints = checkpoints;
    this.events = events;
    this.console = console;
    this.stop = stop;
    this.roundLength =
        new RoundLength(
            workers,
            settings.parallelism().averagingFrequency(),
            settings.parallelism().outer(),
            averaging.taskLimitSeconds());
    this.plannedSteps =
        settings
            .budget()
            .plannedSteps(
                start.epoch(),
                start.step() - start.stepInEpoch(),
                settings.epochs().stepsPerEpoch(pictures.size()));
    this.minutesBefore = start.minutes();
    this.position = start;
    this.savedAt = start.step() == 0 ? -1 : start.step();
  }

  /**
   * Trains until the budget is used up and returns the last evaluation.
   *
   * @throws StoppedOnRequestException if it was asked to stop before, after it has saved
   */
  Outcome run() throws IOException {
    if (position.step() > 0 && exhausted()) {
      console.note(
          "nothing is left to train: %d of %d epochs and %d steps lie behind"
              .formatted(position.epoch(), settings.budget().epochs(), position.step()));
    }
    while (!exhausted()) {
      boolean whole = trainEpoch();
      if (whole) {
        position = position.nextEpoch();
      }
      events.flush();
      if (stop.made() && !exhausted()) {
        endEarly();
      }
      if (position.epoch() % settings.evalInterval() == 0) {
        evaluate();
      }
      if (position.epoch() % settings.checkpointing().interval() == 0 || saveIsDue()) {
        saveOrGoOn();
      }
    }
    evaluate();
    tellIncidents();
    save();
    return lastOutcome;
  }

  /** Returns whether the epoch was trained to its end. */
  private boolean trainEpoch() throws IOException {
    EpochPlan plan = EpochPlan.of(pictures, settings.epochs(), position.epoch());
    EpochFigures<F> figures = stage.figures();
    String title = "epoch %d/%d".formatted(position.epoch() + 1, settings.budget().epochs());
    try (Progress progress = console.progress(title, plan.steps(), "steps")) {
      progress.advanceTo(position.stepInEpoch());
      while (position.stepInEpoch() < plan.steps() && !exhausted() && !stop.made()) {
        figures.add(round(plan));
        checkpoints.requireHeld();
        progress.remark(figures.remark());
        progress.advanceTo(position.stepInEpoch());
        if (position.stepInEpoch() < plan.steps() && saveIsDue()) {
          saveOrGoOn();
        }
      }
    }
    if (figures.samples() > 0) {
      tell(title, figures);
    }
    return position.stepInEpoch() == plan.steps();
  }

  private RoundResult<F> round(EpochPlan plan) {
    long left = Math.min(plan.steps() - position.stepInEpoch(), plannedSteps - position.step());
    int steps = roundLength.next(left, settings.budget().secondsLeft(minutes()));
    double minutesPerStep = roundLength.secondsPerStep() / 60;
    Position from = position;
    double minutesNow = minutes();
    RoundResult<F> round =
        averaging.round(
            plan.steps(
                from.stepInEpoch(),
                from.stepInEpoch() + steps,
                from.step() - from.stepInEpoch(),
                behind ->
                    instruction(behind, minutesNow + (behind - from.step()) * minutesPerStep)),
            workers);
    roundLength.observe(
        steps,
        round.seconds(),
        round.workers().stream().mapToDouble(WorkerReport::seconds).max().orElse(0));
    position = position.after(steps, minutes());
    tellIncidents();
    return round;
  }

  private Instruction instruction(long stepsBehind, double minutes) {
    return stage.instruction(
        position.epoch(), settings.budget().progress(stepsBehind, plannedSteps, minutes));
  }

  private void tell(String title, EpochFigures<F> figures) {
    Rates rates = Rates.of(instruction(position.step() - 1, minutes()));
    figures.events().forEach(this::record);
    rates.events().forEach(this::record);
    record("train/pictures_per_second", figures.picturesPerSecond());
    record("train/waiting_share", figures.waitingShare());
    console.line(
        String.format(
            Locale.ROOT,
            "%s  step %d  %s  rate %s  %.1f pictures/s  waiting %.1f %%",
            title,
            position.step(),
            figures.text(),
            rates.text(),
            figures.picturesPerSecond(),
            100 * figures.waitingShare()));
    for (EpochFigures.Warning warning : figures.warnings()) {
      record(warning.event(), 1);
      console.note("%s: %s".formatted(title, warning.text()));
    }
  }

  private void tellIncidents() {
    for (Incident incident : averaging.incidents()) {
      record(incident.event(), 1);
      console.note(incident.text());
    }
  }

  private void evaluate() throws IOException {
    if (evaluatedAt == position.step()) {
      return;
    }
    lastOutcome =
        evaluation.evaluate(new ModelWeights(stage.upscaler(), stage.networks().get(0).params()));
    evaluatedAt = position.step();
    record("test/psnr", lastOutcome.mean().psnr());
    record("test/ssim", lastOutcome.mean().ssim());
    record("test/vif", lastOutcome.mean().vif());
    events.show(position.step(), lastOutcome.samples());
    events.flush();
    console.line(
        String.format(
            Locale.ROOT,
            "evaluation  step %d  PSNR %.2f dB  SSIM %.4f  VIF %.4f  on %d pictures%s",
            position.step(),
            lastOutcome.mean().psnr(),
            lastOutcome.mean().ssim(),
            lastOutcome.mean().vif(),
            lastOutcome.pictures(),
            stage.beside(lastOutcome)));
  }

  private boolean saveIsDue() {
    return System.nanoTime() - savedNanos >= settings.checkpointing().minutes() * 60e9;
  }

  /** Saves without an evaluation: whoever asks to stop does not wait for long. */
  private void endEarly() throws IOException {
    if (position.step() > 0) {
      save();
    }
    throw new StoppedOnRequestException(
        "%s: ended in epoch %d after step %d of the run; %s; the same command with %s goes on"
            .formatted(
                stop.signal(),
                position.epoch() + 1,
                position.step(),
                checkpoints.lastKept(),
                Setting.RESUME));
  }

  /** A checkpoint in between that cannot be written need not end the run; another writer does. */
  private void saveOrGoOn() throws IOException {
    savedNanos = System.nanoTime();
    try {
      save();
    } catch (ForeignCheckpointException e) {
      throw e;
    } catch (IOException e) {
      if (settings.checkpointing().onFailure() == OnFailure.STOP || exhausted()) {
        throw e;
      }
      record("train/checkpoint_failed", 1);
      console.note("%s; %s; training goes on".formatted(e.getMessage(), checkpoints.lastKept()));
    }
  }

  private void save() throws IOException {
    if (savedAt != position.step()) {
      position = position.at(minutes());
      console.line("checkpoint  " + checkpoints.save(stage, position, averaging.outerVelocity()));
      savedAt = position.step();
    }
  }

  private void record(String name, double value) {
    events.record(position.step(), position.epoch(), name, value);
  }

  private boolean exhausted() {
    return settings.budget().exhausted(position.step(), plannedSteps, minutes());
  }

  private double minutes() {
    return minutesBefore + (System.nanoTime() - begin) / 60e9;
  }
}
