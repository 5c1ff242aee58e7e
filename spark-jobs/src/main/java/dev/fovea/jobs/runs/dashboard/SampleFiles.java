package dev.fovea.jobs.runs.dashboard;

import dev.fovea.jobs.runs.record.Dashboard;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunSamples;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.Shown;
import java.io.IOException;
import java.util.List;

/** The sample pictures as files, which a resumed run finds again. */
record SampleFiles(RunSamples samples) implements Dashboard {
  @Override
  public String name() {
    return "sample pictures";
  }

  @Override
  public void update(List<RunEvent> events, List<Shown> shown) throws IOException {
    for (Shown each : shown) {
      samples.write(each);
    }
  }

  @Override
  public void end(RunState state) {}
}
