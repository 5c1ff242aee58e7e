package dev.fovea.jobs.models.registry;

import java.io.IOException;

/** A file of a registry holds no decision, such as one whose writer died. */
final class NotAnEntryException extends IOException {
  private static final long serialVersionUID = 1;

  NotAnEntryException(String fault, Throwable cause) {
    super("it is no decision: " + fault, cause);
  }
}
