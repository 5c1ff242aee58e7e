package dev.fovea.jobs.runs.page;

import dev.fovea.jobs.runs.record.Dashboard;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.Shown;
import dev.fovea.jobs.support.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The run as one page beside its figures: {@code <run_dir>/training.html}. It is written whole, at
 * most every {@value #SECONDS} seconds and at the end, so that short epochs do not wait for it.
 */
public final class TrainingPage implements Dashboard {
  public static final String FILE = "training.html";

  private static final int SECONDS = 15;

  private final Configuration configuration;
  private final Path file;
  private final RunDescription run;
  private final LongSupplier nanoTime;
  private final List<RunEvent> events;
  private final List<Shown> shown;
  private long writtenAt;

  private TrainingPage(
      Configuration configuration,
      Path runDir,
      RunDescription run,
      List<RunEvent> events,
      List<Shown> shown,
      LongSupplier nanoTime) {
    this.configuration = configuration;
    this.file = new Path(runDir, FILE);
    this.run = run;
    this.events = new ArrayList<>(events);
    this.shown = new ArrayList<>(shown);
    this.nanoTime = nanoTime;
  }

  /** Writes the page of what is known of the run by now. */
  public static TrainingPage begin(
      Configuration configuration,
      Path runDir,
      RunDescription run,
      List<RunEvent> events,
      List<Shown> shown,
      LongSupplier nanoTime)
      throws IOException {
    TrainingPage page = new TrainingPage(configuration, runDir, run, events, shown, nanoTime);
    page.write(RunState.RUNNING);
    return page;
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public void update(List<RunEvent> more, List<Shown> moreShown) throws IOException {
    events.addAll(more);
    shown.addAll(moreShown);
    if (nanoTime.getAsLong() - writtenAt >= TimeUnit.SECONDS.toNanos(SECONDS)) {
      // What fails is not to be given again: it is in the lists.
      try {
        write(RunState.RUNNING);
      } catch (IOException e) {
        events.subList(events.size() - more.size(), events.size()).clear();
        shown.subList(shown.size() - moreShown.size(), shown.size()).clear();
        throw e;
      }
    }
  }

  @Override
  public void end(RunState state) throws IOException {
    write(state);
  }

  private void write(RunState state) throws IOException {
    WholeFile.write(
        configuration,
        file,
        new TrainingPageContent(run, events, shown, state).html().getBytes(StandardCharsets.UTF_8));
    writtenAt = nanoTime.getAsLong();
  }
}
