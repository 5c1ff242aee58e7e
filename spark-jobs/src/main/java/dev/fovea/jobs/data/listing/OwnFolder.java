package dev.fovea.jobs.data.listing;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A folder that a command of Fovea wrote, told by files that it leaves there. Its pictures are
 * results and no inputs, unless the folder itself is asked for.
 */
@SuppressWarnings("ImmutableEnumChecker") // The lists are immutable.
enum OwnFolder {
  ARCHIVE("results of upscale", "_fovea/upscale.json"),
  SHARDS("shards of prepare", "_fovea/prepare.json"),
  UNFINISHED_SHARDS("shards of an unfinished prepare", "_fovea/started"),
  REPORT("a report of evaluate", "report.json", "per-image.csv"),
  RUN("the record of a run", "run.json", "status.json");

  private final String what;
  private final List<String> marks;

  OwnFolder(String what, String... marks) {
    this.what = what;
    this.marks = List.of(marks);
  }

  /** Tells whether a file lies below a folder. */
  @FunctionalInterface
  interface Exists {
    boolean file(String below) throws IOException;
  }

  /** What a folder is, if it is one. */
  static Optional<OwnFolder> of(Exists folder) throws IOException {
    for (OwnFolder one : values()) {
      if (one.isMarked(folder)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /**
   * The folder that a file may mark, for listings that name files alone.
   *
   * @return the folder's path, or nothing
   */
  static Optional<String> markedBy(String file) {
    for (OwnFolder one : values()) {
      if (file.endsWith("/" + one.marks.get(0))) {
        return Optional.of(file.substring(0, file.length() - one.marks.get(0).length() - 1));
      }
    }
    return Optional.empty();
  }

  private boolean isMarked(Exists folder) throws IOException {
    for (String mark : marks) {
      if (!folder.file(mark)) {
        return false;
      }
    }
    return true;
  }

  /** What it holds. */
  @Override
  public String toString() {
    return what;
  }
}
