package dev.fovea.jobs.models.store;

import java.io.IOException;

/** A checkpoint path holds what may not be there; the message names both. Nothing was deleted. */
public final class CheckpointPathNotEmptyException extends IOException {
  private static final long serialVersionUID = 1;

  public CheckpointPathNotEmptyException(String message) {
    super(message);
  }
}
