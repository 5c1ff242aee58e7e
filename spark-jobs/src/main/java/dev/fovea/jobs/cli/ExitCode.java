package dev.fovea.jobs.cli;

/** How the program ends. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;

  /** Wrong usage, or an input that cannot be used. */
  static final int USAGE = 2;

  /** Some pictures were rejected, where {@code --fail-on-rejected} asks to be told. */
  static final int REJECTED = 3;

  /** Asked to stop by a signal; what was done is saved, and {@code --resume} goes on from there. */
  static final int STOPPED = 4;

  private ExitCode() {}
}
