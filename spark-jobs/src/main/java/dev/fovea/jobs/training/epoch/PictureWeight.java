package dev.fovea.jobs.training.epoch;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How often an epoch uses a picture. An epoch of n pictures has n samples in any case. */
public enum PictureWeight {
  /** Every picture exactly once, the reference's. */
  UNIFORM,
  /**
   * In proportion to the square root of its area, so that large pictures show more of themselves.
   */
  AREA;

  /** The spelling used in options and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a weight by its spelling.
   *
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public static PictureWeight of(String id) {
    for (PictureWeight candidate : values()) {
      if (candidate.id().equals(id)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "picture weight '%s' is not one of %s"
            .formatted(
                id,
                Arrays.stream(values()).map(PictureWeight::id).collect(Collectors.joining(", "))));
  }
}
