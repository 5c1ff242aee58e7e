package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.upscaling.archive.ArchiveSummary.Outlier;
import dev.fovea.jobs.upscaling.archive.ChunkSummary.Audited;
import dev.fovea.jobs.upscaling.archive.Outcome.Skipped;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import dev.fovea.jobs.upscaling.audit.AuditFigures;
import dev.fovea.jobs.upscaling.audit.OutlierRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the outputs of a run that do not show what their inputs show. */
final class Outliers {
  private Outliers() {}

  /** The rule that all audited outputs of a run make together. */
  static OutlierRule rule(List<ChunkSummary> chunks) {
    return OutlierRule.of(
        chunks.stream()
            .flatMap(chunk -> chunk.audited().stream())
            .mapToDouble(Audited::worst)
            .toArray());
  }

  /** Those that it flags, with what their manifest says. */
  static List<Outlier> find(
      OutlierRule rule,
      List<ChunkSummary> chunks,
      List<ArchiveChunk> items,
      ArchiveNotes notes,
      String run)
      throws IOException {
    List<Outlier> outliers = new ArrayList<>();
    for (ChunkSummary chunk : chunks) {
      List<Audited> flagged =
          chunk.audited().stream()
              .filter(one -> one.changed() || rule.flags(one.worst(), one.channels()))
              .toList();
      if (flagged.isEmpty()) {
        continue;
      }
      int count = items.get(chunk.number()).items().size();
      Optional<List<String>> lines = notes.part(run, ArchiveNotes.partName(chunk.number()), count);
      for (Audited one : flagged) {
        ArchiveItem item = items.get(chunk.number()).items().get(one.item());
        AuditFigures figures = lines.map(all -> figures(all.get(one.item()))).orElse(null);
        outliers.add(new Outlier(item.path(), item.output(), reason(one, figures, rule)));
      }
    }
    return outliers;
  }

  private static AuditFigures figures(String line) {
    Outcome outcome = ArchiveJson.read(line, Outcome.class);
    return outcome instanceof Upscaled done
        ? done.audit()
        : outcome instanceof Skipped done ? done.audit() : null;
  }

  private static String reason(Audited one, AuditFigures figures, OutlierRule rule) {
    List<String> reasons = new ArrayList<>();
    if (rule.flags(one.worst(), "rgb")) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "differs from its input by %.1f dB more than usual%s",
              one.worst(),
              figures == null ? "" : " at " + figures.window()));
    }
    if (rule.flags(Double.NEGATIVE_INFINITY, one.channels())) {
      reasons.add("its channels are in the order " + one.channels());
    }
    if (one.changed()) {
      reasons.add(AuditTask.CHANGED);
    }
    return String.join("; ", reasons);
  }
}
