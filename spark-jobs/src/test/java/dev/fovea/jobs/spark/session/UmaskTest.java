package dev.fovea.jobs.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UmaskTest {
  @TempDir Path folder;

  @Test
  void filesAndFoldersOfHadoopAreKeptFromWhomTheUmaskSays() throws Exception {
    Path permissions = folder.resolve("permissions");
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 077 && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.resolve("made/file").toString(),
                permissions.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();

    assertThat(process.waitFor()).as(Files.readString(folder.resolve("log"))).isZero();
    assertThat(Files.readString(permissions)).isEqualTo("rwx------ rw-------");
  }

  /** Writes a file as jobs do, and what its permissions are. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      org.apache.hadoop.conf.Configuration hadoop = new org.apache.hadoop.conf.Configuration();
      Umask.setting().ifPresent(umask -> hadoop.set(Umask.KEY, umask));
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
      path.getFileSystem(hadoop).create(path, true).close();
      Files.writeString(
          Path.of(arguments[1]), permissions(file.getParent()) + " " + permissions(file));
    }

    private static String permissions(Path path) throws IOException {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
  }
}
