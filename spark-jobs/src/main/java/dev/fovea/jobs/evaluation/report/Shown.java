package dev.fovea.jobs.evaluation.report;

import dev.fovea.jobs.evaluation.measure.Choice;
import dev.fovea.jobs.evaluation.measure.Report;
import dev.fovea.jobs.evaluation.measure.ShownPicture;
import java.util.List;
import java.util.Locale;

/**
 * A picture that can be looked at in the page.
 *
 * @param window the part that the versions' crops show: x, y, width, height in the original
 * @param versions at least two
 */
record Shown(Choice choice, int width, int height, List<Integer> window, List<Version> versions) {
  Shown {
    window = List.copyOf(window);
    versions = List.copyOf(versions);
  }

  /**
   * One version of it.
   *
   * @param id of the model, where it is one
   * @param file the whole of it, relative to the page
   * @param crop the window as lossless WebP
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares versions.
  record Version(String id, Kind kind, String file, byte[] crop) {}

  /** What a version is. */
  enum Kind {
    ORIGINAL,
    LOW,
    BICUBIC,
    MODEL;

    static Kind of(String source) {
      return switch (source) {
        case ShownPicture.ORIGINAL -> ORIGINAL;
        case ShownPicture.LOW -> LOW;
        case Report.BICUBIC -> BICUBIC;
        default -> MODEL;
      };
    }

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
