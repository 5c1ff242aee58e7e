package dev.fovea.jobs.spark.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeys;

/**
 * Whom this process' new files are kept from. Hadoop sets the permissions of what it writes itself,
 * by a setting that knows nothing of the process.
 */
final class Umask {
  static final String KEY = CommonConfigurationKeys.FS_PERMISSIONS_UMASK_KEY;

  private Umask() {}

  /**
   * The value of Hadoop's setting {@value #KEY}; empty where a file of Hadoop's settings, such as
   * {@code core-site.xml}, has one, or where there are no such permissions.
   */
  static Optional<String> setting() {
    String[] sources = new Configuration().getPropertySources(KEY);
    return sources == null || List.of(sources).equals(List.of("core-default.xml"))
        ? ofProcess()
        : Optional.empty();
  }

  /** Three octal digits, found by making a folder; Java has no other way to ask. */
  private static Optional<String> ofProcess() {
    try {
      Path trial = Files.createTempDirectory("fovea-umask");
      Path folder = trial.resolve("folder");
      try {
        Files.createDirectory(folder);
        Set<PosixFilePermission> kept = EnumSet.allOf(PosixFilePermission.class);
        kept.removeAll(Files.getPosixFilePermissions(folder));
        int mask = 0;
        for (char c : PosixFilePermissions.toString(kept).toCharArray()) {
          mask = 2 * mask + (c == '-' ? 0 : 1);
        }
        return Optional.of(String.format(Locale.ROOT, "%03o", mask));
      } finally {
        Files.deleteIfExists(folder);
        Files.deleteIfExists(trial);
      }
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
