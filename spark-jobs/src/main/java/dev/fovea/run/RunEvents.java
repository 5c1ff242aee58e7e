package dev.fovea.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The figures of a run in {@code <run_dir>/metrics.jsonl}, one {@link RunEvent} a line.
 *
 * <p>Lines are kept in memory until {@link #flush}, which appends where the file system can append
 * and rewrites the file where it cannot (object stores). A resumed run continues the file: lines
 * written after the checkpoint it resumes from, and a last line cut off by a crash, are dropped, so
 * that no step is told twice. Not thread-safe.
 */
public final class RunEvents {
  private static final String FILE = "metrics.jsonl";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem fileSystem;
  private final Path file;
  private final Clock clock;
  private final boolean appends;
  private final List<String> written;
  private final List<String> pending = new ArrayList<>();

  private RunEvents(FileSystem fileSystem, Path file, Clock clock, List<String> written)
      throws IOException {
    this.fileSystem = fileSystem;
    this.file = file;
    this.clock = clock;
    this.appends = fileSystem.hasPathCapability(file, CommonPathCapabilities.FS_APPEND);
    this.written = written;
  }

  /** Begins a new file in the given folder, replacing one that is there. */
  public static RunEvents begin(Configuration configuration, Path runDir) throws IOException {
    return open(configuration, runDir, Clock.systemUTC(), List.of());
  }

  /** Continues the file in the given folder after the given optimiser step; begins one if none. */
  public static RunEvents resume(Configuration configuration, Path runDir, long step)
      throws IOException {
    List<String> kept = new ArrayList<>();
    for (RunEvent event : read(configuration, runDir)) {
      if (event.step() <= step) {
        kept.add(line(event));
      }
    }
    return open(configuration, runDir, Clock.systemUTC(), kept);
  }

  /** All whole lines of the file in the given folder; none if there is no such file. */
  public static List<RunEvent> read(Configuration configuration, Path runDir) throws IOException {
    FileSystem fileSystem = fileSystem(configuration, runDir);
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

  /** Takes down a figure; a value that is not finite is left out, since JSON cannot hold it. */
  public void record(long step, long epoch, String name, double value) {
    if (Double.isFinite(value)) {
      String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
      pending.add(line(new RunEvent(step, epoch, name, value, time)));
    }
  }

  /** Writes what was recorded since the last call. */
  public void flush() throws IOException {
    if (pending.isEmpty()) {
      return;
    }
    if (appends) {
      try (OutputStream out = fileSystem.append(file)) {
        write(out, pending);
      }
    } else {
      written.addAll(pending);
      try (OutputStream out = fileSystem.create(file, true)) {
        write(out, written);
      }
    }
    pending.clear();
  }

  private static RunEvents open(
      Configuration configuration, Path runDir, Clock clock, List<String> kept) throws IOException {
    FileSystem fileSystem = fileSystem(configuration, runDir);
    Path file = new Path(runDir, FILE);
    try (OutputStream out = fileSystem.create(file, true)) {
      write(out, kept);
    }
    return new RunEvents(fileSystem, file, clock, new ArrayList<>(kept));
  }

  private static FileSystem fileSystem(Configuration configuration, Path runDir)
      throws IOException {
    FileSystem fileSystem = runDir.getFileSystem(configuration);
    // Hadoop's checksummed local file system refuses to append; the raw one below it does not.
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }

  private static void write(OutputStream out, List<String> lines) throws IOException {
    out.write(String.join("", lines).getBytes(StandardCharsets.UTF_8));
  }

  private static String line(RunEvent event) {
    try {
      return JSON.writeValueAsString(event) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a run event is always writable", e);
    }
  }
}
