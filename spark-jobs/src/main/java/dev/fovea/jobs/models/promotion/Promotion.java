package dev.fovea.jobs.models.promotion;

import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.evaluation.measure.ReportFormat;
import dev.fovea.jobs.models.registry.Entry;
import dev.fovea.jobs.models.registry.Registry;
import dev.fovea.jobs.models.store.DamagedCheckpointException;
import dev.fovea.jobs.models.store.NoCheckpointException;
import dev.fovea.jobs.models.store.PinnedCheckpoint;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Decides which model serves, by a report or by hand. Not thread-safe. */
public final class Promotion {
  private static final int LARGEST_REPORT = 1 << 28;

  private final Configuration hadoop;
  private final Registry registry;
  private final Clock clock;

  public Promotion(Configuration hadoop, Registry registry) {
    this.hadoop = hadoop;
    this.registry = registry;
    this.clock = Clock.systemUTC();
  }

  /** What came of a candidate. */
  public sealed interface Outcome {
    /** It serves from now on. */
    record Promoted(Entry entry) implements Outcome {}

    /** It served already; nothing was written. */
    record Serving(Entry entry) implements Outcome {}

    /** It stays out of service; nothing was written. */
    record Refused(String reason) implements Outcome {}
  }

  /**
   * Lets the newest checkpoint of a path into service if the report shows it better. Doing it twice
   * is doing it once.
   *
   * @param reportPath a folder with a {@code report.json}
   * @throws UsageException if the candidate or the report cannot be used
   */
  public Outcome promote(Path candidatePath, Path reportPath, PromotionRule rule)
      throws IOException {
    PinnedCheckpoint candidate = candidate(candidatePath);
    Optional<Entry> serving = registry.serving();
    if (serving.isPresent() && serving.get().manifestSha256().equals(candidate.manifestSha256())) {
      return new Outcome.Serving(serving.get());
    }
    Verdict verdict = rule.judge(report(reportPath), candidate, serving, reportPath);
    if (verdict instanceof Verdict.Refused refused) {
      return new Outcome.Refused(refused.reason());
    }
    Verdict.Better better = (Verdict.Better) verdict;
    String model = registry.keep(candidate);
    return new Outcome.Promoted(
        registry.append(
            number ->
                new Entry(
                    Entry.VERSION,
                    number,
                    model,
                    candidate.manifestSha256(),
                    candidate.state().runId(),
                    candidate.state().step(),
                    candidate.upscaleRatio(),
                    better.reason(),
                    better.evidence(),
                    now())));
  }

  /**
   * Lets the model of an earlier decision serve again, by a decision of its own.
   *
   * @throws UsageException if there is no valid decision of that number
   */
  public Outcome rollBack(int to) throws IOException {
    List<Entry> entries = registry.entries();
    Entry earlier =
        entries.stream()
            .filter(entry -> entry.number() == to)
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        Setting.ROLLBACK_TO,
                        to,
                        "the valid decisions are %s"
                            .formatted(entries.stream().map(Entry::number).toList())));
    Entry serving = entries.get(entries.size() - 1);
    if (serving.sameModel(earlier)) {
      return new Outcome.Serving(serving);
    }
    return new Outcome.Promoted(
        registry.append(
            number ->
                new Entry(
                    Entry.VERSION,
                    number,
                    earlier.model(),
                    earlier.manifestSha256(),
                    earlier.runId(),
                    earlier.step(),
                    earlier.upscaleRatio(),
                    "rolled back from number %d to number %d".formatted(serving.number(), to),
                    List.of(),
                    now())));
  }

  private PinnedCheckpoint candidate(Path path) throws IOException {
    try {
      return PinnedCheckpoint.of(hadoop, path);
    } catch (NoCheckpointException | DamagedCheckpointException e) {
      throw new UsageException(Setting.CANDIDATE, path, e.getMessage());
    }
  }

  private Report report(Path folder) throws IOException {
    Path file = new Path(folder, ReportFormat.FILE_NAME);
    FileSystem fileSystem = file.getFileSystem(hadoop);
    try (InputStream in = fileSystem.open(file)) {
      return ReportFormat.read(in.readNBytes(LARGEST_REPORT));
    } catch (FileNotFoundException e) {
      throw new UsageException(
          Setting.REPORT_PATH,
          folder,
          "it has no %s; 'fovea evaluate' writes one".formatted(ReportFormat.FILE_NAME));
    }
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
