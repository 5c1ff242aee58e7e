package dev.fovea.jobs.runs.dashboard;

import dev.fovea.jobs.runs.mlflow.MlflowRun;
import dev.fovea.jobs.runs.mlflow.Tracking;
import dev.fovea.jobs.runs.page.TrainingPage;
import dev.fovea.jobs.runs.record.Heartbeat;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.runs.record.RunSamples;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.Shown;
import dev.fovea.jobs.runs.tensorboard.TensorBoardFiles;
import dev.fovea.jobs.support.console.StoppedOnRequestException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Keeps record of a training run in its folder while it goes on: what it is, how it stands, its
 * figures and sample pictures, and the dashboards that are made of them.
 *
 * @param configuration tells Hadoop's file systems apart
 * @param runDir the run's folder
 * @param tracking where else the run is told of
 * @param note takes a line about a dashboard that fails
 */
public record TrainingRecord(
    Configuration configuration, Path runDir, Tracking tracking, Consumer<String> note) {
  /** How long a run that has ended waits for a tracking server. */
  private static final long SECONDS_FOR_MLFLOW = 20;

  /** What is kept record of. */
  public interface Work<T> {
    T run(RunEvents events) throws IOException;
  }

  /**
   * Runs the work and writes down how it ended.
   *
   * @param description of this part of the run; the rest of it is known from the folder
   * @param step optimiser steps that lie behind; what the folder tells of later ones is dropped
   * @return what the work returns
   * @throws IOException if the figures cannot be written
   */
  public <T> T keep(RunDescription description, long step, Work<T> work) throws IOException {
    RunDescription run =
        step == 0
            ? description
            : RunDescription.read(configuration, runDir)
                .map(description::continuing)
                .orElse(description);
    run.write(configuration, runDir);
    RunEvents events =
        step == 0
            ? RunEvents.begin(configuration, runDir)
            : RunEvents.resume(configuration, runDir, step);
    Dashboards dashboards = dashboards(run, step);
    events.observedBy(dashboards);
    RunState end = RunState.FAILED;
    Heartbeat heartbeat = Heartbeat.start(configuration, runDir);
    try {
      T result = work.run(events);
      events.flush();
      end = RunState.FINISHED;
      heartbeat.ended(end, "");
      return result;
    } catch (StoppedOnRequestException e) {
      end = RunState.INTERRUPTED;
      heartbeat.ended(end, firstLine(e));
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      heartbeat.ended(end, firstLine(e));
      throw e;
    } finally {
      try {
        events.flush();
      } finally {
        dashboards.end(end);
        heartbeat.close();
      }
    }
  }

  private Dashboards dashboards(RunDescription run, long step) throws IOException {
    RunSamples samples = new RunSamples(configuration, runDir);
    samples.dropAfter(step == 0 ? -1 : step);
    List<RunEvent> events = RunEvents.read(configuration, runDir);
    List<Shown> shown = samples.read();
    long lastShown = shown.isEmpty() ? -1 : shown.get(shown.size() - 1).step();
    Dashboards dashboards = new Dashboards(lastShown, note);
    dashboards.add("sample pictures", () -> new SampleFiles(samples));
    dashboards.add(
        "TensorBoard files",
        () -> TensorBoardFiles.begin(configuration, runDir, run, events, shown));
    dashboards.add(
        TrainingPage.FILE,
        () -> TrainingPage.begin(configuration, runDir, run, events, shown, System::nanoTime));
    tracking
        .mlflowUri()
        .ifPresent(
            uri ->
                dashboards.add(
                    "MLflow at " + uri,
                    () ->
                        MlflowRun.begin(
                            configuration,
                            runDir,
                            tracking,
                            run,
                            events,
                            note,
                            SECONDS_FOR_MLFLOW)));
    return dashboards;
  }

  private static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse("");
  }
}
