package dev.fovea.jobs.support.console;

/** A job ended before its work was done, because it was asked to, in a state to go on from. */
public final class StoppedOnRequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message one line that says what is kept and how to go on
   */
  public StoppedOnRequestException(String message) {
    super(message);
  }
}
