package dev.fovea.jobs.support.console;

/**
 * Somebody asked for what cannot be done: wrong options, or an input that cannot be used. The
 * command line answers with exit code 2 and the message, which is one line and names the option,
 * the value and what is allowed.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }

  /**
   * @param setting that cannot be followed
   * @param value as it was given
   * @param allowed what is wrong with it and what is allowed
   */
  public UsageException(Setting setting, Object value, String allowed) {
    this(setting.toString(), value, allowed);
  }

  /**
   * @param option as it is typed, such as {@code --output-path}
   * @param value as it was given
   * @param allowed what is wrong with it and what is allowed
   */
  public UsageException(String option, Object value, String allowed) {
    super("%s '%s': %s".formatted(option, value, allowed));
  }
}
