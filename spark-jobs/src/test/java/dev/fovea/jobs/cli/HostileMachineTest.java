package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole command as in a bare container: what the launcher promises of its surroundings. */
class HostileMachineTest {
  /** Who may still read the jars of the class path, which can lie in root's home. */
  private static final String UNKNOWN_USER =
      "setpriv --reuid=4711 --regid=4711 --clear-groups"
          + " --inh-caps=+dac_read_search --ambient-caps=+dac_read_search";

  @TempDir Path folder;

  @Test
  void aJobRunsWithoutUserHostNameLocaleOrHomeFromAFolderWithAnOddName() throws Exception {
    assumeTrue(
        succeeds(("unshare -u " + UNKNOWN_USER + " true").split(" ", -1)),
        "skipped: only root can take another user and host name here");
    assumeTrue(
        System.getProperty("sun.jnu.encoding").equals("UTF-8"),
        "skipped: under this locale Java itself cannot make a folder with an odd name");
    Path root = Files.createDirectory(folder.resolve("ein Ördner"));
    try (BuiltCheckout checkout = BuiltCheckout.at(root)) {
      checkout.photographs("pictures", 1, 64);
      Files.move(root.resolve("pictures/photograph 00.png"), root.resolve("pictures/é.png"));
      open(folder);
      open(root);
      checkout
          .environment()
          .putAll(Map.of("LANG", "xx_YY.UTF-8", "LC_ALL", "", "HOME", "/", "SPARK_LOCAL_IP", ""));
      CommandRun run =
          checkout.run(
              "unshare",
              "-u",
              "bash",
              "-c",
              "hostname nowhere-to-be-found && unset SPARK_LOCAL_IP"
                  + " && exec "
                  + UNKNOWN_USER
                  + " submit/fovea prepare --images-path pictures --output-path shards");

      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out() + run.err()).doesNotContain("Exception", "\tat ");
      try (Stream<Path> made = Files.walk(root.resolve("shards"))) {
        assertThat(made).anyMatch(file -> file.toString().endsWith(".parquet"));
      }
      assertThat(root.resolve("?")).doesNotExist();
    }
  }

  private static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return !System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows")
          && new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
