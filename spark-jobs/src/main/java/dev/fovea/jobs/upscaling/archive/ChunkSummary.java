package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import dev.fovea.jobs.upscaling.archive.Outcome.Skipped;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import dev.fovea.jobs.upscaling.audit.AuditFigures;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the driver needs to know of a chunk; its manifest has the rest.
 *
 * @param inputPixels of the pictures that were upscaled
 * @param outputPixels of the pictures that were upscaled
 * @param halvings pictures for whose tiles memory did not suffice at first
 * @param audited what is needed to tell outliers
 * @param rejections the first of the pictures that were rejected
 */
record ChunkSummary(
    int number,
    int upscaled,
    int skipped,
    int rejected,
    long inputPixels,
    long outputPixels,
    int halvings,
    List<Audited> audited,
    List<Rejected> rejections)
    implements Serializable {
  /** Rejections that are shown. */
  static final int REJECTIONS = 5;

  /**
   * An audited output.
   *
   * @param item its number in the chunk
   * @param worst its worst window, as {@link AuditFigures#worst()}
   * @param channels as {@link AuditFigures#channels()}
   * @param changed whether its bytes are others than those that were written
   */
  record Audited(int item, double worst, String channels, boolean changed)
      implements Serializable {}

  static ChunkSummary of(int number, List<Outcome> outcomes) {
    int upscaled = 0;
    int skipped = 0;
    int rejected = 0;
    int halvings = 0;
    long inputPixels = 0;
    long outputPixels = 0;
    List<Audited> audited = new ArrayList<>();
    List<Rejected> rejections = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      AuditFigures audit = null;
      boolean changed = false;
      if (outcome instanceof Upscaled done) {
        upscaled++;
        inputPixels += (long) done.input().width() * done.input().height();
        outputPixels += (long) done.output().width() * done.output().height();
        halvings += done.halvings() > 0 ? 1 : 0;
        audit = done.audit();
      } else if (outcome instanceof Skipped done) {
        skipped++;
        audit = done.audit();
        changed = done.notes().contains(AuditTask.CHANGED);
      } else if (outcome instanceof Rejected one) {
        rejected++;
        if (rejections.size() < REJECTIONS) {
          rejections.add(one);
        }
      }
      if (audit != null) {
        audited.add(new Audited(i, audit.worst(), audit.channels(), changed));
      }
    }
    return new ChunkSummary(
        number,
        upscaled,
        skipped,
        rejected,
        inputPixels,
        outputPixels,
        halvings,
        audited,
        rejections);
  }
}
