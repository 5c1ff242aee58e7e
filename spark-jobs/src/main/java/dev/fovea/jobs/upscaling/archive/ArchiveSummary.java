package dev.fovea.jobs.upscaling.archive;

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
    List<Outlier> outliers) {
  public ArchiveSummary {
    outliers = List.copyOf(outliers);
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
