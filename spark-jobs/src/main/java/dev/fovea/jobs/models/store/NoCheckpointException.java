package dev.fovea.jobs.models.store;

import java.io.IOException;

/** There is no whole checkpoint at a path; the message names what was found instead. */
public final class NoCheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  public NoCheckpointException(String message) {
    super(message);
  }
}
