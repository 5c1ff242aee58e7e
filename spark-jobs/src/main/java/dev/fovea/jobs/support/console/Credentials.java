package dev.fovea.jobs.support.console;

import java.util.regex.Pattern;

/**
 * Tells settings and variables that hold credentials by their names, such as {@code
 * fs.s3a.bucket.archive.secret.key}, {@code fs.azure.account.key.NAME.dfs.core.windows.net} and
 * {@code AWS_SESSION_TOKEN}. Hadoop's own list names settings too that are none, and that executors
 * need to have, such as how S3 encrypts what is written.
 */
public final class Credentials {
  private static final Pattern NAME =
      Pattern.compile(
          "(?i).*(?:secret|password|passphrase|token|credential)"
              + "|(?:.*[._-])?(?:aws)?(?:secret|access|private)[._-]?(?:access[._-]?)?key(?:[._-]?id)?"
              + "|(?:.*[._-])?(?:account[._-]?key|sas)(?:[._-].*)?");

  /** What S3 encrypts with if the customer brings the key (SSE-C); names of keys are no secret. */
  private static final Pattern ENCRYPTION_KEY = Pattern.compile("[A-Za-z0-9+/]{43}=");

  private Credentials() {}

  /** Whether nobody may see the value of a setting. */
  public static boolean hold(String name, String value) {
    return NAME.matcher(name).matches()
        || (name.endsWith("encryption.key") && ENCRYPTION_KEY.matcher(value).matches());
  }
}
