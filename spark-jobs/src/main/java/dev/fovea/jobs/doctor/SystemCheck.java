package dev.fovea.jobs.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the system knows of the user and of this machine's name. */
final class SystemCheck {
  private SystemCheck() {}

  static List<Finding> here() {
    return List.of(
        user(
            System.getProperty("user.name"),
            !System.getProperty("fovea.user", "").isEmpty(),
            Path.of(System.getProperty("user.home"))),
        host());
  }

  /**
   * @param madeUp whether the launcher named a user whom the system does not know
   */
  static Finding user(String name, boolean madeUp, Path home) {
    String found = "%s, home %s".formatted(name, home);
    if (madeUp || name.equals("?")) {
      return Finding.note(
          "user",
          found + "; the system's list of users does not hold this one",
          "embedded Spark works; for a cluster or Kerberos add the user to /etc/passwd");
    }
    return Files.isWritable(home)
        ? Finding.ok("user", found)
        : Finding.note(
            "user",
            found + ", which may not be written",
            "libraries are unpacked elsewhere: set -Duser.home by FOVEA_JAVA_OPTIONS to keep them");
  }

  private static Finding host() {
    try {
      return Finding.ok("host name", InetAddress.getLocalHost().toString());
    } catch (UnknownHostException e) {
      return unresolved(e);
    }
  }

  static Finding unresolved(UnknownHostException e) {
    return Finding.note(
        "host name",
        e.getMessage(),
        "embedded Spark works on 127.0.0.1; for a cluster add the name to /etc/hosts or set"
            + " SPARK_LOCAL_IP");
  }
}
