package dev.fovea.jobs.runs.record;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a run stands. */
public enum RunState {
  RUNNING,
  /** It came to its end. */
  FINISHED,
  /** It stopped with an error. */
  FAILED,
  /** It was asked to stop, or has given no sign of life for some time: its process is gone. */
  INTERRUPTED,
  /** It was made by a version that did not tell. */
  UNKNOWN;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
