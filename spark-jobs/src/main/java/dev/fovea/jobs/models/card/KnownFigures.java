package dev.fovea.jobs.models.card;

import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.evaluation.measure.ReportFormat;
import dev.fovea.jobs.models.card.ModelCard.Quality;
import dev.fovea.jobs.models.card.ModelCard.Speed;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunEvents;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.checkpoint.TrainingState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What reports and runs have measured of a checkpoint. */
final class KnownFigures {

  private KnownFigures() {}

  /**
   * The figures of this checkpoint, and of bicubic beside it, in a report.
   *
   * @throws UsageException if there is no report, or none of this checkpoint
   */
  static List<Quality> ofReport(String folder, TrainingState state, Configuration hadoop)
      throws IOException {
    Report report = report(folder, hadoop);
    Set<String> ids = new HashSet<>();
    report
        .provenance()
        .models()
        .forEach(
            (id, provenance) -> {
              if (isOf(provenance, state)) {
                ids.add(id);
              }
            });
    Set<String> datasets = new HashSet<>();
    List<Quality> quality = new ArrayList<>();
    for (Report.Result result : report.results()) {
      if (ids.contains(result.model())) {
        datasets.add(key(result));
        quality.add(quality("report", result));
      }
    }
    if (quality.isEmpty()) {
      throw new UsageException(
          Setting.REPORT_PATH,
          folder,
          "it has no figures of step %d of the run %s".formatted(state.step(), state.runId()));
    }
    for (Report.Result result : report.results()) {
      if (result.model().equals(Report.BICUBIC) && datasets.contains(key(result))) {
        quality.add(quality("report, bicubic", result));
      }
    }
    return quality;
  }

  /** The last evaluation of the run up to the checkpoint, if there was one. */
  static List<Quality> ofRun(String folder, TrainingState state, Configuration hadoop)
      throws IOException {
    List<RunEvent> events = events(folder, state, hadoop);
    Optional<Double> psnr = last(events, "test/psnr", state);
    Optional<Double> ssim = last(events, "test/ssim", state);
    Optional<Double> vif = last(events, "test/vif", state);
    if (psnr.isEmpty() || ssim.isEmpty() || vif.isEmpty()) {
      return List.of();
    }
    return List.of(new Quality("training", "test", "rgb", psnr.get(), ssim.get(), vif.get()));
  }

  /** The median of the epochs' speeds up to the checkpoint. */
  static List<Speed> speedOfRun(String folder, TrainingState state, Configuration hadoop)
      throws IOException {
    double[] speeds =
        events(folder, state, hadoop).stream()
            .filter(event -> event.name().equals("train/pictures_per_second"))
            .filter(event -> event.step() <= state.step())
            .mapToDouble(RunEvent::value)
            .sorted()
            .toArray();
    return speeds.length == 0
        ? List.of()
        : List.of(new Speed("training", "training", speeds[speeds.length / 2], "pictures/s"));
  }

  private static boolean isOf(Map<String, String> provenance, TrainingState state) {
    return state.runId().equals(provenance.get("run_id"))
        && Long.toString(state.step()).equals(provenance.get("step"));
  }

  private static String key(Report.Result result) {
    return result.dataset() + "\n" + result.protocol() + "\n" + result.upscaleRatio();
  }

  private static Quality quality(String source, Report.Result result) {
    return new Quality(
        source, result.dataset(), result.protocol(), result.psnr(), result.ssim(), result.vif());
  }

  private static Report report(String folder, Configuration hadoop) throws IOException {
    try {
      Path file = new Path(new Path(folder), ReportFormat.FILE_NAME);
      try (InputStream in = file.getFileSystem(hadoop).open(file)) {
        return ReportFormat.read(in.readAllBytes());
      }
    } catch (FileNotFoundException e) {
      throw new UsageException(
          Setting.REPORT_PATH, folder, "it holds no %s".formatted(ReportFormat.FILE_NAME));
    } catch (IllegalArgumentException e) {
      throw new UsageException(Setting.REPORT_PATH, folder, "it is no path: " + e.getMessage());
    }
  }

  private static List<RunEvent> events(String folder, TrainingState state, Configuration hadoop)
      throws IOException {
    List<RunEvent> events;
    try {
      events = RunEvents.read(hadoop, new Path(folder));
      Optional<RunDescription> run = RunDescription.read(hadoop, new Path(folder));
      String known = state.settings().get(TrainingState.RUN_RECORD);
      if (known != null && run.isPresent() && !run.get().id().equals(known)) {
        throw new UsageException(
            Setting.RUN_DIR_PATH,
            folder,
            "it holds the record of another run than this checkpoint's");
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(Setting.RUN_DIR_PATH, folder, "it is no path: " + e.getMessage());
    }
    if (events.isEmpty()) {
      throw new UsageException(Setting.RUN_DIR_PATH, folder, "it holds no figures of a run");
    }
    return events;
  }

  private static Optional<Double> last(List<RunEvent> events, String name, TrainingState state) {
    return events.stream()
        .filter(event -> event.name().equals(name) && event.step() <= state.step())
        .reduce((earlier, later) -> later)
        .map(RunEvent::value);
  }
}
