package dev.fovea.jobs.runs.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.support.files.GrowingFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The figures of a run in {@code <run_dir>/metrics.jsonl}, one {@link RunEvent} a line.
 *
 * <p>Lines are kept in memory until {@link #flush}, and observers hear of them then. A resumed run
 * continues the file: lines written after the checkpoint it resumes from, and a last line cut off
 * by a crash, are dropped, so that no step is told twice. At any moment the file holds what was
 * flushed before, also while a run is being resumed. Not thread-safe.
 */
public final class RunEvents {
  static final String FILE = "metrics.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final GrowingFile file;
  private final Clock clock;
  private final Map<String, Long> toldBefore = new HashMap<>();
  private final List<RunEvent> pending = new ArrayList<>();
  private final List<RunObserver> observers = new ArrayList<>();

  private RunEvents(GrowingFile file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Begins a new file in the given folder, replacing one that is there. */
  public static RunEvents begin(Configuration configuration, Path runDir) throws IOException {
    return open(configuration, runDir, List.of());
  }

  /** Continues the file in the given folder after the given optimiser step; begins one if none. */
  public static RunEvents resume(Configuration configuration, Path runDir, long step)
      throws IOException {
    return open(
        configuration,
        runDir,
        read(configuration, runDir).stream().filter(event -> event.step() <= step).toList());
  }

  private static RunEvents open(Configuration configuration, Path runDir, List<RunEvent> kept)
      throws IOException {
    GrowingFile file = GrowingFile.replace(configuration, new Path(runDir, FILE), lines(kept));
    RunEvents events = new RunEvents(file, Clock.systemUTC());
    kept.forEach(event -> events.toldBefore.merge(event.name(), event.step(), Math::max));
    return events;
  }

  /** All whole lines of the file in the given folder; none if there is no such file. */
  public static List<RunEvent> read(Configuration configuration, Path runDir) throws IOException {
    FileSystem fileSystem = runDir.getFileSystem(configuration);
    Path file = new Path(runDir, FILE);
    if (!fileSystem.exists(file)) {
      return List.of();
    }
    String text;
    try (var in = fileSystem.open(file)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<RunEvent> events = new ArrayList<>();
    int end;
    for (int start = 0; (end = text.indexOf('\n', start)) >= 0; start = end + 1) {
      try {
        events.add(JSON.readValue(text.substring(start, end), RunEvent.class));
      } catch (JsonProcessingException e) {
        throw new IOException(
            "%s, line %d is not a run event: %s"
                .formatted(file, events.size() + 1, e.getOriginalMessage()),
            e);
      }
    }
    return events;
  }

  /** Lets somebody hear of what is recorded from now on. */
  public void observedBy(RunObserver observer) {
    observers.add(observer);
  }

  /**
   * Takes down a figure. A value that is not finite is left out, since JSON cannot hold it, and so
   * is one of a step for which an earlier part of the run has told it.
   */
  public void record(long step, long epoch, String name, double value) {
    if (Double.isFinite(value) && step > toldBefore.getOrDefault(name, -1L)) {
      String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
      pending.add(new RunEvent(step, epoch, name, value, time));
    }
  }

  /**
   * Takes down what the model makes of a few test pictures, for whoever observes the run.
   *
   * @param samples none is allowed
   */
  public void show(long step, List<SamplePicture> samples) {
    String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    if (!samples.isEmpty()) {
      Shown shown = new Shown(step, time, samples);
      observers.forEach(observer -> observer.shown(shown));
    }
  }

  /** Writes what was recorded since the last call, and tells the observers. */
  public void flush() throws IOException {
    if (!pending.isEmpty()) {
      file.append(lines(pending));
    }
    List<RunEvent> recorded = List.copyOf(pending);
    pending.clear();
    observers.forEach(observer -> observer.recorded(recorded));
  }

  private static byte[] lines(List<RunEvent> events) {
    return events.stream()
        .map(RunEvents::line)
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String line(RunEvent event) {
    try {
      return JSON.writeValueAsString(event) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a run event is always writable", e);
    }
  }
}
