package dev.fovea.jobs.runs.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.runs.mlflow.MlflowRun;
import dev.fovea.jobs.runs.mlflow.Tracking;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.runs.record.RunListing;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.RunSummary;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.runs.tensorboard.EventReader;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run's folder and its tracking server as a run leaves them that ends, fails or is resumed. */
class TrainingRecordTest {
  private static final Configuration CONFIGURATION = new Configuration();
  private static final String HOSTILE = "</script><script>alert(1)</script>\".png";

  @TempDir Path folder;

  private final List<String> notes = new CopyOnWriteArrayList<>();

  @Test
  void finishedRunLeavesFiguresPicturesPageAndState() throws IOException {
    String result = keep(Tracking.NONE, 0, events -> train(events, 1, 3));

    assertThat(result).isEqualTo("trained");
    assertThat(notes).isEmpty();
    RunSummary run = summary();
    assertThat(run.state()).isEqualTo(RunState.FINISHED);
    assertThat(run.command()).isEqualTo("pretrain");
    assertThat(run.step()).isEqualTo(30);
    assertThat(run.best().get("test/psnr").value()).isEqualTo(30.0);
    assertThat(run.best().get("train/loss").step()).isEqualTo(30);
    assertThat(EventReader.scalars(EventReader.folder(run("tensorboard")), "test/psnr"))
        .containsExactly(List.of(10.0, 10.0), List.of(20.0, 20.0), List.of(30.0, 30.0));
    JsonNode data = pageData();
    assertThat(data.at("/curves/train~1loss/step")).hasSize(3);
    assertThat(data.at("/samples/2/step").asInt()).isEqualTo(30);
    assertThat(data.at("/samples/2/pictures/0").asText()).startsWith("data:image/png;base64,iVBOR");
    assertThat(run("samples/step-00000030/00.png")).exists();
  }

  @Test
  void pageShowsHostileNamesAsTextAndLoadsNothing() throws IOException {
    keep(Tracking.NONE, 0, events -> train(events, 1, 1));

    String page = Files.readString(run("training.html"));
    assertThat(page).doesNotContain("<script>alert").contains("&lt;script&gt;alert(1)");
    assertThat(page)
        .doesNotContain("src=\"http")
        .doesNotContain("href=\"http")
        .contains("finished");
    assertThat(page).contains("<dt>batch-size</dt><dd>16</dd>");
  }

  @Test
  void resumedRunTellsEveryStepOnceEverywhere() throws IOException {
    try (MlflowTestServer server = new MlflowTestServer()) {
      Tracking tracking = new Tracking(Optional.of(server.uri() + "/"), "set five");
      keep(tracking, 0, events -> train(events, 1, 3));
      keep(tracking, 20, events -> train(events, 2, 4));

      assertThat(notes).isEmpty();
      assertThat(RunEvents.read(CONFIGURATION, runDir()))
          .filteredOn(event -> event.name().equals("train/loss"))
          .extracting(RunEvent::step)
          .containsExactly(10L, 20L, 30L, 40L);
      List<EventReader.Event> events = EventReader.folder(run("tensorboard"));
      assertThat(EventReader.scalars(events, "test/psnr"))
          .extracting(pair -> pair.get(0))
          .containsExactly(10.0, 20.0, 30.0, 40.0);
      assertThat(
              events.stream()
                  .flatMap(event -> event.summary().getValueList().stream())
                  .filter(value -> value.hasImage()))
          .hasSize(4);
      assertThat(pageData().at("/curves/test~1psnr/step")).hasSize(4);
      assertThat(server.only().metrics.get("train/loss"))
          .containsExactly("10=0.1", "20=0.05", "30=0.03333333333333333", "40=0.025");
    }
  }

  @Test
  void mlflowIsToldOfSettingsFiguresAndEnd() throws IOException {
    try (MlflowTestServer server = new MlflowTestServer()) {
      keep(new Tracking(Optional.of(server.uri()), "set five"), 0, events -> train(events, 1, 2));

      assertThat(server.experiments).containsOnlyKeys("set five");
      MlflowTestServer.Run run = server.only();
      assertThat(run.params).containsEntry("batch-size", "16").containsKey("test-images-path");
      assertThat(run.params.get("long")).hasSize(500);
      assertThat(run.tags)
          .containsEntry("mlflow.runName", "run")
          .containsEntry("mlflow.source.name", "fovea pretrain")
          .containsEntry("fovea.engine", "torch");
      assertThat(run.metrics).containsOnlyKeys("train/loss", "test/psnr");
      assertThat(run.status).isEqualTo("FINISHED");
    }
  }

  @Test
  void failedRunSaysWhy() {
    try (MlflowTestServer server = new MlflowTestServer()) {
      assertThatThrownBy(
              () ->
                  keep(
                      new Tracking(Optional.of(server.uri()), "fovea"),
                      0,
                      events -> {
                        train(events, 1, 1);
                        throw new IllegalStateException("diverged in step 12\nand more");
                      }))
          .isInstanceOf(IllegalStateException.class);

      assertThat(server.only().status).isEqualTo("FAILED");
    }
    RunSummary run = summary();
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.message()).isEqualTo("diverged in step 12");
    assertThat(run("training.html")).content().contains("failed");
  }

  @Test
  @Timeout(60)
  void trackingServerThatFailsIsToldOfOnceAndGetsTheRestWhenItIsBack() throws IOException {
    try (MlflowTestServer server = new MlflowTestServer()) {
      server.refuse(true);
      keep(
          new Tracking(Optional.of(server.uri()), "fovea"),
          0,
          events -> {
            train(events, 1, 2);
            awaitNote();
            server.refuse(false);
            return train(events, 3, 3);
          });

      assertThat(notes).singleElement().asString().contains("MLflow at", "503", "training goes on");
      assertThat(server.only().metrics.get("train/loss")).hasSize(3);
      assertThat(server.only().status).isEqualTo("FINISHED");
    }
  }

  @Test
  @Timeout(60)
  void trackingServerThatNeverAnswersHoldsNothingUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      MlflowRun mlflow =
          MlflowRun.begin(
              CONFIGURATION,
              runDir(),
              new Tracking(Optional.of("http://127.0.0.1:" + silent.getLocalPort()), "fovea"),
              description(),
              List.of(),
              notes::add,
              1);
      mlflow.end(RunState.FINISHED);

      assertThat(notes).singleElement().asString().contains("does not answer");
    }
  }

  @Test
  void runThatFallsSilentIsInterrupted() throws IOException {
    keep(
        Tracking.NONE,
        0,
        events -> {
          assertThat(summary().state()).isEqualTo(RunState.RUNNING);
          Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(3));
          assertThat(summary(later).state()).isEqualTo(RunState.INTERRUPTED);
          return "";
        });
  }

  @Test
  void dashboardThatCannotBeWrittenDoesNotStopTheRun() throws IOException {
    Files.createDirectories(run("training.html"));
    Files.writeString(run("samples"), "in the way");

    String result = keep(Tracking.NONE, 0, events -> train(events, 1, 2));

    assertThat(result).isEqualTo("trained");

    assertThat(notes).hasSize(2).allMatch(note -> note.contains("training goes on"));
    assertThat(summary().step()).isEqualTo(20);
  }

  private <T> T keep(Tracking tracking, long step, TrainingRecord.Work<T> work) throws IOException {
    return new TrainingRecord(CONFIGURATION, runDir(), tracking, notes::add)
        .keep(description(), step, work);
  }

  private static RunDescription description() {
    return new RunDescription(
        "3f1c",
        "pretrain",
        Instant.now(),
        Map.of("batch-size", "16", "test-images-path", "Set5", "long", "x".repeat(600)),
        Map.of("engine", "torch"));
  }

  /** Epochs of ten steps. */
  private static String train(RunEvents events, int from, int to) throws IOException {
    byte[] png = PngEncoder.encode(Picture.rgb(2, 1, new byte[6]));
    for (int epoch = from; epoch <= to; epoch++) {
      events.record(10L * epoch, epoch, "train/loss", 0.1 / epoch);
      events.record(10L * epoch, epoch, "test/psnr", 10 * epoch);
      events.show(10L * epoch, List.of(new SamplePicture(HOSTILE, 2, 1, png)));
      events.flush();
    }
    return "trained";
  }

  private void awaitNote() {
    while (notes.isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private RunSummary summary() {
    return summary(Clock.systemUTC());
  }

  private RunSummary summary(Clock clock) {
    try {
      List<RunSummary> found =
          new RunListing(CONFIGURATION, clock, notes::add)
              .below(new org.apache.hadoop.fs.Path(folder.toUri()));
      assertThat(found).hasSize(1);
      return found.get(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode pageData() throws IOException {
    String page = Files.readString(run("training.html"));
    String begin = "id=\"run-data\">";
    int at = page.indexOf(begin) + begin.length();
    return new ObjectMapper().readTree(page.substring(at, page.indexOf("</script>", at)));
  }

  private Path run(String name) {
    return folder.resolve("run").resolve(name);
  }

  private org.apache.hadoop.fs.Path runDir() {
    return new org.apache.hadoop.fs.Path(folder.resolve("run").toUri());
  }
}
