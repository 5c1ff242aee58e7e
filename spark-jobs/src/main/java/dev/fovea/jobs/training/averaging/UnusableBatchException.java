package dev.fovea.jobs.training.averaging;

import java.io.IOException;

/** A mini-batch can never be made, however often it is tried: the message says why, in one line. */
public final class UnusableBatchException extends IOException {
  private static final long serialVersionUID = 1;

  public UnusableBatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
