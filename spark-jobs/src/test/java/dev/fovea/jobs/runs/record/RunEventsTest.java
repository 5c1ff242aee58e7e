package dev.fovea.jobs.runs.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEventsTest {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir java.nio.file.Path folder;

  @Test
  void figuresAreReadBackInOrder() throws IOException {
    RunEvents events = RunEvents.begin(CONFIGURATION, runDir());
    events.record(10, 0, "train/loss", 0.25);
    events.flush();
    events.record(20, 1, "train/loss", 0.125);
    events.flush();

    assertThat(RunEvents.read(CONFIGURATION, runDir()))
        .extracting(RunEvent::step, RunEvent::epoch, RunEvent::name, RunEvent::value)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(10L, 0L, "train/loss", 0.25),
            org.assertj.core.groups.Tuple.tuple(20L, 1L, "train/loss", 0.125));
  }

  @Test
  void resumingDropsWhatTheCheckpointDoesNotKnow() throws IOException {
    RunEvents events = RunEvents.begin(CONFIGURATION, runDir());
    events.record(10, 0, "train/loss", 3);
    events.record(20, 1, "train/loss", 2);
    events.flush();

    RunEvents resumed = RunEvents.resume(CONFIGURATION, runDir(), 10);
    resumed.record(20, 1, "train/loss", 1);
    resumed.flush();

    assertThat(RunEvents.read(CONFIGURATION, runDir()))
        .extracting(RunEvent::value)
        .containsExactly(3.0, 1.0);
  }

  @Test
  void lineCutOffByACrashIsDropped() throws IOException {
    RunEvents events = RunEvents.begin(CONFIGURATION, runDir());
    events.record(10, 0, "train/loss", 3);
    events.flush();
    Files.writeString(
        folder.resolve("metrics.jsonl"), "{\"step\":20,\"epo", StandardOpenOption.APPEND);

    RunEvents.resume(CONFIGURATION, runDir(), 100);

    assertThat(RunEvents.read(CONFIGURATION, runDir())).hasSize(1);
  }

  @Test
  void foreignLineIsNamed() throws IOException {
    Files.writeString(folder.resolve("metrics.jsonl"), "hello\n");
    assertThatThrownBy(() -> RunEvents.read(CONFIGURATION, runDir()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("metrics.jsonl, line 1 is not a run event");
  }

  private Path runDir() {
    return new Path(folder.toUri());
  }
}
