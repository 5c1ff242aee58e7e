package dev.fovea.pictures.picture;

import java.io.IOException;

/** A file that is not decoded. The message is the reason, in one line. */
public final class RejectedPictureException extends IOException {
  private static final long serialVersionUID = 1L;

  public RejectedPictureException(String reason) {
    super(reason);
  }

  public RejectedPictureException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
