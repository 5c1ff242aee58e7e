package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.Credentials;
import dev.fovea.jobs.support.console.UsageException;
import java.util.List;
import java.util.Map;
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

  /** A setting or a variable and its value; names without a dot or bar are words. */
  private static final Pattern ASSIGNED =
      Pattern.compile("([\\w-]+[._][\\w.-]*)(['\"]?\\s*[=:]\\s*['\"]?)([^\\s'\",;)}\\]]+)");

  /** What is shorter may stand in a text for something else. */
  private static final int SHORTEST = 8;

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

  /**
   * A text with {@code ***} for the credentials of URIs, the values of settings that are named as
   * {@link Credentials} are, and whatever the environment holds under such a name.
   */
  static String masked(String text) {
    return masked(text, System.getenv());
  }

  static String masked(String text, Map<String, String> environment) {
    String left =
        IN_URI
            .matcher(text)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        text.substring(found.start(), text.indexOf("://", found.start()))
                            + "://***@"));
    left =
        ASSIGNED
            .matcher(left)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        Credentials.hold(found.group(1), found.group(3))
                            ? found.group(1) + found.group(2) + "***"
                            : found.group()));
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String value = variable.getValue();
      if (value.length() >= SHORTEST && Credentials.hold(variable.getKey(), value)) {
        left = left.replace(value, "***");
      }
    }
    return left;
  }
}
