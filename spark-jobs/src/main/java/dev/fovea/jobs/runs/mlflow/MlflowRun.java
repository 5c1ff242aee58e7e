package dev.fovea.jobs.runs.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.runs.record.Dashboard;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.Shown;
import dev.fovea.jobs.support.files.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Tells an MLflow tracking server of the run, by a thread of its own: a server that is slow, away
 * or at odds with us costs the training nothing. What could not be delivered is tried again with
 * the next figures. {@code <run_dir>/mlflow.json} remembers the run's id on the server, so that a
 * resumed run goes on there.
 */
public final class MlflowRun implements Dashboard {
  static final String FILE = "mlflow.json";

  private static final int MOST_WAITING = 100_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Configuration configuration;
  private final Path runDir;
  private final Tracking tracking;
  private final RunDescription run;
  private final Consumer<String> note;
  private final long secondsAtTheEnd;
  private final List<RunEvent> waiting = new ArrayList<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "fovea-mlflow");
            made.setDaemon(true);
            return made;
          });

  private MlflowServer server;
  private boolean warned;
  private boolean failed;

  /** What {@value #FILE} holds. */
  record Known(String uri, String runId) {}

  private MlflowRun(
      Configuration configuration,
      Path runDir,
      Tracking tracking,
      RunDescription run,
      Consumer<String> note,
      long secondsAtTheEnd) {
    this.configuration = configuration;
    this.runDir = runDir;
    this.tracking = tracking;
    this.run = run;
    this.note = note;
    this.secondsAtTheEnd = secondsAtTheEnd;
  }

  /**
   * Begins to deliver.
   *
   * @param events what is known of the run by now; delivered unless the server has it
   * @param note takes one line if something fails, and no further one
   * @param secondsAtTheEnd how long the end of the run waits for the server
   */
  public static MlflowRun begin(
      Configuration configuration,
      Path runDir,
      Tracking tracking,
      RunDescription run,
      List<RunEvent> events,
      Consumer<String> note,
      long secondsAtTheEnd) {
    MlflowRun made = new MlflowRun(configuration, runDir, tracking, run, note, secondsAtTheEnd);
    made.update(events, List.of());
    return made;
  }

  @Override
  public String name() {
    return "MLflow at " + tracking.mlflowUri().orElse("");
  }

  @Override
  public void update(List<RunEvent> events, List<Shown> shown) {
    synchronized (waiting) {
      if (waiting.size() < MOST_WAITING) {
        waiting.addAll(events);
      }
    }
    thread.execute(() -> attempt(this::deliver));
  }

  @Override
  public void end(RunState state) {
    thread.execute(
        () ->
            attempt(
                () -> {
                  deliver();
                  server.end(state);
                }));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(secondsAtTheEnd, TimeUnit.SECONDS)) {
        thread.shutdownNow();
        tellOnce("it does not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deliver() throws IOException {
    if (server == null) {
      server = connect();
    }
    List<RunEvent> now;
    synchronized (waiting) {
      now = List.copyOf(waiting);
    }
    if (!now.isEmpty()) {
      server.log(now);
      synchronized (waiting) {
        waiting.subList(0, now.size()).clear();
      }
    }
  }

  private MlflowServer connect() throws IOException {
    String uri = tracking.mlflowUri().orElseThrow();
    if (!warned) {
      warned = true;
      tracking.warning(System.getenv()).ifPresent(note);
    }
    Optional<Known> known = known().filter(each -> each.uri().equals(uri));
    if (known.isPresent()) {
      return MlflowServer.resume(uri, known.get().runId());
    }
    MlflowServer made = MlflowServer.create(uri, tracking.mlflowExperiment(), runDir, run);
    WholeFile.write(
        configuration,
        new Path(runDir, FILE),
        JSON.writeValueAsBytes(new Known(uri, made.runId())));
    return made;
  }

  private Optional<Known> known() throws IOException {
    Path file = new Path(runDir, FILE);
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      Known known = JSON.readValue(in.readAllBytes(), Known.class);
      return known.uri() == null || known.runId() == null ? Optional.empty() : Optional.of(known);
    } catch (FileNotFoundException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private void attempt(Attempt attempt) {
    try {
      attempt.run();
    } catch (IOException | RuntimeException e) {
      tellOnce(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private synchronized void tellOnce(String reason) {
    if (!failed) {
      failed = true;
      note.accept(
          "%s: %s; training goes on, and what is missing there is tried again"
              .formatted(name(), reason.lines().findFirst().orElse("")));
    }
  }
}
