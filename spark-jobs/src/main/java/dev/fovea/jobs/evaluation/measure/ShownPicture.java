package dev.fovea.jobs.evaluation.measure;

import java.io.Serializable;
import java.util.List;

/**
 * A chosen picture with everything that was made of it.
 *
 * @param choice its index in the list of choices
 * @param width of the original in pixels
 * @param height likewise
 * @param window the part of the original that {@link Source#crop} shows: x, y, width, height
 * @param sources the original, the low resolution, bicubic, the models
 */
public record ShownPicture(
    int choice, int width, int height, List<Integer> window, List<Source> sources)
    implements Serializable {
  /**
   * The id of the original among the sources; no model has it, for ids never begin with a slash.
   */
  public static final String ORIGINAL = "/original";

  /** The id of the low resolution. */
  public static final String LOW = "/low";

  public ShownPicture {
    window = List.copyOf(window);
    sources = List.copyOf(sources);
  }

  /**
   * One version of the picture.
   *
   * @param id a model's, bicubic's, {@link #ORIGINAL} or {@link #LOW}
   * @param png the whole of it
   * @param crop the window, lossless, as PNG or WebP
   */
  @SuppressWarnings("ArrayRecordComponent") // Only travels; nobody compares sources.
  public record Source(String id, byte[] png, byte[] crop) implements Serializable {}
}
