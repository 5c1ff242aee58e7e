package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import java.util.List;

/**
 * What a run led to; {@code summary.json} beside its manifest.
 *
 * @param run its id
 * @param manifest the folder of its manifest, fully qualified
 * @param upscaled pictures
 * @param skipped pictures whose output was there already
 * @param rejected pictures that have no output
 * @param inputMegapixels of the pictures upscaled
 * @param outputMegapixels of the pictures upscaled
 * @param halvings pictures for whose tiles memory did not suffice at first
 * @param seconds from the listing of the inputs to the end
 * @param picturesPerSecond upscaled
 * @param auditThreshold dB from which on a worst window makes an outlier
 * @param outliers outputs that do not show what their inputs show
 * @param rejections the first of the pictures that were rejected; the manifest has all
 */
public record ArchiveSummary(
    String run,
    String manifest,
    long upscaled,
    long skipped,
    long rejected,
    double inputMegapixels,
    double outputMegapixels,
    long halvings,
    double seconds,
    double picturesPerSecond,
    double auditThreshold,
    List<Outlier> outliers,
    List<Rejected> rejections) {
  public ArchiveSummary {
    outliers = List.copyOf(outliers);
    rejections = rejections == null ? List.of() : List.copyOf(rejections);
  }

  /**
   * An output that does not show what its input shows.
   *
   * @param path the input
   * @param output below the output root
   * @param reason in one line
   */
  public record Outlier(String path, String output, String reason) {}
}
