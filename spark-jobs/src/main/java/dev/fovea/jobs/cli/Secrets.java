package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.UsageException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps credentials out of paths, which are printed, logged and recorded in checkpoints, and out of
 * messages.
 */
final class Secrets {
  /** {@code user:password@}; in what leads to S3 the key alone, and a password with slashes. */
  private static final Pattern IN_URI =
      Pattern.compile(
          "[A-Za-z][A-Za-z0-9+.-]*://[^/@\\s:]*:[^/@\\s]*@"
              + "|[sS]3[aAnN]?://(?:[^/@\\s]*|[^/@\\s:]+:[^@\\s]*)@");

  private Secrets() {}

  /**
   * @throws UsageException without the secret, if an argument holds one in a URI
   */
  static void refuse(List<String> arguments) {
    for (String argument : arguments) {
      Matcher secret = IN_URI.matcher(argument);
      if (secret.find()) {
        throw new UsageException(
            "'%s' holds credentials, and paths are recorded and logged; give them as Hadoop takes"
                    .formatted(masked(argument))
                + " them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, core-site.xml, or a"
                + " credential provider");
      }
    }
  }

  /** A text whose URIs have {@code ***} for credentials. */
  static String masked(String text) {
    return IN_URI
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    text.substring(found.start(), text.indexOf("://", found.start())) + "://***@"));
  }
}
