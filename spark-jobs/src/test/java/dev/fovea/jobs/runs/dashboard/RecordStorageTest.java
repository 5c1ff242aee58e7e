package dev.fovea.jobs.runs.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.runs.mlflow.Tracking;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.runs.record.RunListing;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.RunSummary;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.runs.tensorboard.EventReader;
import dev.fovea.jobs.servers.Hdfs;
import dev.fovea.jobs.servers.S3;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run's record on HDFS, which appends and renames, and on S3, which does neither. */
class RecordStorageTest {
  @TempDir java.nio.file.Path local;

  private final List<String> notes = new ArrayList<>();

  @Test
  void recordIsKeptAndResumedOnHdfs() throws IOException {
    keepAndResume(Hdfs.configuration(), new Path(Hdfs.uri() + "/runs/" + UUID.randomUUID()));
  }

  @Test
  void recordIsKeptAndResumedOnS3() throws IOException {
    keepAndResume(S3.configuration(), new Path(S3.uri() + "/runs/" + UUID.randomUUID()));
  }

  private void keepAndResume(Configuration configuration, Path runDir) throws IOException {
    TrainingRecord record = new TrainingRecord(configuration, runDir, Tracking.NONE, notes::add);
    record.keep(
        description(),
        0,
        events -> {
          for (int step = 1; step <= 3; step++) {
            tell(events, step);
            assertThat(tensorBoard(configuration, runDir)).hasSize(step);
          }
          return "";
        });
    record.keep(
        description(),
        2,
        events -> {
          tell(events, 3);
          return "";
        });

    assertThat(notes).isEmpty();
    assertThat(RunEvents.read(configuration, runDir))
        .extracting(RunEvent::step)
        .containsExactly(1L, 2L, 3L);
    assertThat(tensorBoard(configuration, runDir)).containsExactly(1.0, 2.0, 3.0);
    List<RunSummary> runs =
        new RunListing(configuration, Clock.systemUTC(), notes::add).below(runDir.getParent());
    assertThat(runs)
        .filteredOn(run -> run.name().equals(runDir.getName()))
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.state()).isEqualTo(RunState.FINISHED);
              assertThat(run.best().get("test/psnr").value()).isEqualTo(33.0);
            });
    FileSystem files = runDir.getFileSystem(configuration);
    assertThat(files.listStatus(runDir))
        .extracting(status -> status.getPath().getName())
        .containsExactlyInAnyOrder(
            "metrics.jsonl", "run.json", "samples", "status.json", "tensorboard", "training.html");
  }

  private static void tell(RunEvents events, int step) throws IOException {
    events.record(step, step, "test/psnr", 30 + step);
    events.show(step, List.of(new SamplePicture("a.png", 1, 1, new byte[] {1})));
    events.flush();
  }

  /** Steps of the figures in all event files. */
  private List<Double> tensorBoard(Configuration configuration, Path runDir) throws IOException {
    Path folder = new Path(runDir, "tensorboard");
    FileSystem files = folder.getFileSystem(configuration);
    List<Double> steps = new ArrayList<>();
    for (FileStatus status : files.listStatus(folder)) {
      java.nio.file.Path copy = local.resolve(status.getPath().getName());
      try (var in = files.open(status.getPath())) {
        Files.write(copy, in.readAllBytes());
      }
      EventReader.scalars(EventReader.file(copy), "test/psnr")
          .forEach(pair -> steps.add(pair.get(0)));
    }
    return steps;
  }

  private static RunDescription description() {
    return new RunDescription("1", "pretrain", Instant.now(), Map.of(), Map.of());
  }
}
