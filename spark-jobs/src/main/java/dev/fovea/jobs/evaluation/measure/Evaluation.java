package dev.fovea.jobs.evaluation.measure;

import java.time.Duration;
import java.util.List;

/**
 * What an evaluation leaves behind for whoever shows it.
 *
 * @param plan what was asked for
 * @param report what came out
 * @param thumbnails one small JPEG for each file of the plan, in order; empty for what is no
 *     picture and from number {@value #MOST_THUMBNAILS} on
 * @param took the time of measuring
 * @param pageShare of that time, 0 to 1: spent on thumbnails and perceptual hashes
 */
public record Evaluation(
    EvaluateJob.Plan plan,
    Report report,
    List<byte[]> thumbnails,
    Duration took,
    double pageShare) {
  /** Files that get a thumbnail; a page with more of them would be slow to load. */
  public static final int MOST_THUMBNAILS = 400;

  public Evaluation {
    thumbnails = List.copyOf(thumbnails);
  }
}
