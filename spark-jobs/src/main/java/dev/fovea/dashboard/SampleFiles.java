package dev.fovea.dashboard;

import dev.fovea.run.RunEvent;
import dev.fovea.run.RunSamples;
import dev.fovea.run.RunState;
import dev.fovea.run.Shown;
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
