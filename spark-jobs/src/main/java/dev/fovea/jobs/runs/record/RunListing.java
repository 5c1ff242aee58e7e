package dev.fovea.jobs.runs.record;

import dev.fovea.jobs.runs.record.RunSummary.Figure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Finds the runs under a folder, and sums each of them up. */
public final class RunListing {
  /** How far below the folder a run may lie. */
  private static final int DEEPEST = 4;

  private final Configuration configuration;
  private final Clock clock;
  private final Consumer<String> note;

  /**
   * @param clock tells how long a run has been silent
   * @param note takes a line about a run that cannot be read, and is left out
   */
  public RunListing(Configuration configuration, Clock clock, Consumer<String> note) {
    this.configuration = configuration;
    this.clock = clock;
    this.note = note;
  }

  /**
   * All runs in and below a folder, by name.
   *
   * @throws FileNotFoundException if there is no such folder
   */
  public List<RunSummary> below(Path folder) throws IOException {
    FileSystem files = folder.getFileSystem(configuration);
    Path root = files.makeQualified(folder);
    List<RunSummary> found = new ArrayList<>();
    search(files, root, root, 0, found);
    return found;
  }

  private void search(FileSystem files, Path root, Path at, int depth, List<RunSummary> found)
      throws IOException {
    List<Path> folders = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (FileStatus status : files.listStatus(at)) {
      names.add(status.getPath().getName());
      if (status.isDirectory() && !status.getPath().getName().startsWith(".")) {
        folders.add(status.getPath());
      }
    }
    if (names.contains(RunDescription.FILE) || names.contains(RunEvents.FILE)) {
      try {
        found.add(summary(name(root, at), at));
      } catch (IOException | IllegalArgumentException e) {
        note.accept("%s: left out: %s".formatted(at, e.getMessage()));
      }
      return; // What lies below a run is its own.
    }
    if (depth < DEEPEST) {
      folders.sort(null);
      for (Path each : folders) {
        search(files, root, each, depth + 1, found);
      }
    }
  }

  private RunSummary summary(String name, Path folder) throws IOException {
    Optional<RunDescription> description = RunDescription.read(configuration, folder);
    RunStatus status = RunStatus.read(configuration, folder);
    List<RunEvent> events = RunEvents.read(configuration, folder);
    Map<String, List<RunEvent>> byName = new TreeMap<>();
    for (RunEvent event : events) {
      byName.computeIfAbsent(event.name(), key -> new ArrayList<>()).add(event);
    }
    SortedMap<String, Figure> best = new TreeMap<>();
    SortedMap<String, Figure> last = new TreeMap<>();
    byName.forEach(
        (figure, curve) -> {
          if (BestFigure.exists(figure)) {
            best.put(figure, figure(BestFigure.of(curve)));
          }
          last.put(figure, figure(curve.get(curve.size() - 1)));
        });
    RunEvent newest = events.isEmpty() ? null : events.get(events.size() - 1);
    boolean told = status.state() != RunState.UNKNOWN;
    return new RunSummary(
        name,
        folder.toString(),
        description.map(RunDescription::id).orElse(""),
        description.map(RunDescription::command).orElse(""),
        status.at(clock.instant()),
        description
            .map(RunDescription::started)
            .orElse(events.isEmpty() ? "" : events.get(0).time()),
        told ? status.updated() : newest == null ? "" : newest.time(),
        status.message(),
        newest == null ? 0 : newest.step(),
        newest == null ? 0 : newest.epoch(),
        best,
        last,
        description.map(RunDescription::settings).orElseGet(TreeMap::new),
        description.map(RunDescription::provenance).orElseGet(TreeMap::new));
  }

  private static Figure figure(RunEvent event) {
    return new Figure(event.value(), event.step());
  }

  private static String name(Path root, Path at) {
    String below = root.toUri().relativize(at.toUri()).getPath();
    return below.isEmpty() || at.equals(root) ? at.getName() : below.replaceFirst("/$", "");
  }
}
