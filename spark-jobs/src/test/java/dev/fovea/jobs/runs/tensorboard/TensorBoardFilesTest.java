package dev.fovea.jobs.runs.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.runs.record.Shown;
import dev.fovea.jobs.runs.tensorboard.EventReader.Event;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.framework.DataType;
import org.tensorflow.framework.Summary;

class TensorBoardFilesTest {
  private static final Configuration CONFIGURATION = new Configuration();
  private static final RunDescription RUN =
      new RunDescription(
          "3f1c",
          "pretrain",
          Instant.parse("2026-11-01T12:00:00Z"),
          Map.of("batch-size", "32", "train-images-path", "a|b"),
          Map.of("engine", "torch"));

  @TempDir Path folder;

  @Test
  void figuresAreReadBackByTensorFlowsOwnClasses() throws IOException {
    TensorBoardFiles files = begin(List.of());
    files.update(List.of(event(10, "train/loss", 0.25), event(10, "test/psnr", 28.42)), List.of());
    files.update(List.of(event(1L << 33, "train/loss", 1e-20)), List.of());

    List<Event> events = read();
    assertThat(events.get(0).fileVersion()).isEqualTo("brain.Event:2");
    assertThat(EventReader.scalars(events, "train/loss"))
        .containsExactly(List.of(10.0, 0.25), List.of(0x1p33, (double) 1e-20f));
    assertThat(EventReader.scalars(events, "test/psnr"))
        .containsExactly(List.of(10.0, (double) 28.42f));
    assertThat(events.get(events.size() - 1).wallTime())
        .isEqualTo(Instant.parse("2026-11-01T12:30:00.250Z").toEpochMilli() / 1000.0);
  }

  @Test
  void picturesAndSettingsAreReadBack() throws IOException {
    byte[] png = {1, 2, 3};
    Shown shown =
        new Shown(7, "2026-11-01T12:30:00Z", List.of(new SamplePicture("baby.png", 30, 20, png)));
    begin(List.of()).update(List.of(), List.of(shown));

    List<Summary.Value> values =
        read().stream().flatMap(event -> event.summary().getValueList().stream()).toList();
    assertThat(values)
        .filteredOn(Summary.Value::hasImage)
        .singleElement()
        .satisfies(
            value -> {
              assertThat(value.getTag()).isEqualTo("samples/baby.png");
              assertThat(value.getImage().getWidth()).isEqualTo(30);
              assertThat(value.getImage().getHeight()).isEqualTo(20);
              assertThat(value.getImage().getColorspace()).isEqualTo(3);
              assertThat(value.getImage().getEncodedImageString().toByteArray()).isEqualTo(png);
            });
    assertThat(values)
        .filteredOn(Summary.Value::hasTensor)
        .singleElement()
        .satisfies(
            value -> {
              assertThat(value.getTag()).isEqualTo("settings/text_summary");
              assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("text");
              assertThat(value.getTensor().getDtype()).isEqualTo(DataType.DT_STRING);
              assertThat(value.getTensor().getTensorShape().getDim(0).getSize()).isEqualTo(1);
              assertThat(value.getTensor().getStringVal(0).toStringUtf8())
                  .contains("| batch-size | 32 |", "| train-images-path | a\\|b |", "torch");
            });
  }

  @Test
  void everyFlushCanBeReadAtOnce() throws IOException {
    TensorBoardFiles files = begin(List.of());
    for (int step = 1; step <= 5; step++) {
      files.update(List.of(event(step, "train/loss", step)), List.of());
      assertThat(EventReader.scalars(read(), "train/loss")).hasSize(step);
    }
    assertThat(EventReader.files(tensorBoard())).hasSize(1);
  }

  @Test
  void whatACrashCutsOffIsOneRecordAtTheEnd() throws IOException {
    TensorBoardFiles files = begin(List.of());
    files.update(List.of(event(1, "train/loss", 3), event(2, "train/loss", 2)), List.of());
    Path file = EventReader.files(tensorBoard()).get(0);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) - 5);
    }

    assertThat(EventReader.scalars(read(), "train/loss")).containsExactly(List.of(1.0, 3.0));
  }

  @Test
  void resumedRunTellsEveryStepOnce() throws IOException {
    RunEvent kept = event(10, "train/loss", 3);
    begin(List.of()).update(List.of(kept, event(20, "train/loss", 2)), List.of());

    begin(List.of(kept)).update(List.of(event(20, "train/loss", 1)), List.of());

    List<Event> events = read();
    assertThat(EventReader.scalars(events, "train/loss"))
        .containsExactly(List.of(10.0, 3.0), List.of(20.0, 1.0));
    assertThat(EventReader.files(tensorBoard())).hasSize(1);
    assertThat(events)
        .filteredOn(event -> event.status() != 0)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.status()).as("SessionLog.START").isEqualTo(1);
              assertThat(event.step()).isZero();
            });
  }

  private TensorBoardFiles begin(List<RunEvent> kept) throws IOException {
    return TensorBoardFiles.begin(
        CONFIGURATION, new org.apache.hadoop.fs.Path(folder.toUri()), RUN, kept, List.of());
  }

  private Path tensorBoard() {
    return folder.resolve("tensorboard");
  }

  private List<Event> read() throws IOException {
    return EventReader.folder(tensorBoard());
  }

  private static RunEvent event(long step, String name, double value) {
    return new RunEvent(step, 0, name, value, "2026-11-01T12:30:00.250Z");
  }
}
