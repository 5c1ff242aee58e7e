package dev.fovea.jobs.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes, lists, reads and deletes a file where a job would, and compares clocks by it. */
final class FileSystemCheck {
  private static final long MOST_SKEW_MILLIS = 60_000;
  private static final int BYTES = 1 << 20;

  private FileSystemCheck() {}

  static List<Finding> of(String text, Configuration hadoop) {
    String subject = "path " + text;
    try {
      Path folder = new Path(text);
      FileSystem files = folder.getFileSystem(hadoop);
      boolean there = files.exists(folder);
      Path file = new Path(folder, "_fovea-doctor-" + UUID.randomUUID());
      try {
        return examined(subject, files, file);
      } finally {
        files.delete(file, false);
        if (!there && files.exists(folder) && files.listStatus(folder).length == 0) {
          files.delete(folder, false);
        }
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      return List.of(failure(subject, e));
    }
  }

  static Finding failure(String subject, Throwable e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return Finding.failed(
        subject,
        "%s: %s".formatted(e.getClass().getSimpleName(), reason),
        "check spelling, rights and credentials; settings go to"
            + " conf/spark-defaults-local.conf as spark.hadoop.fs...");
  }

  private static List<Finding> examined(String subject, FileSystem files, Path file)
      throws IOException {
    byte[] content = new byte[BYTES];
    new SplittableRandom(1).nextBytes(content);
    long start = System.nanoTime();
    try (OutputStream out = files.create(file, false)) {
      out.write(content);
    }
    long before = System.currentTimeMillis();
    FileStatus status = files.getFileStatus(file);
    byte[] back;
    try (InputStream in = files.open(file)) {
      back = in.readAllBytes();
    }
    boolean listed =
        Arrays.stream(files.listStatus(file.getParent()))
            .anyMatch(entry -> entry.getPath().getName().equals(file.getName()));
    double millis = (System.nanoTime() - start) / 1e6;
    List<Finding> findings = new ArrayList<>();
    if (!Arrays.equals(content, back) || !listed) {
      findings.add(
          Finding.failed(
              subject,
              listed ? "what is read is not what was written" : "what was written is not listed",
              "checkpoints need a file system that shows a file once it is closed"));
    } else {
      findings.add(
          Finding.ok(
              subject,
              String.format(
                  Locale.ROOT,
                  "%s, 1 MiB written, listed and read in %.0f ms",
                  files.getUri().getScheme(),
                  millis)));
    }
    findings.add(clock(subject, status.getModificationTime() - before));
    return findings;
  }

  /**
   * @param skewMillis how far the file system's clock is ahead of this machine's
   */
  static Finding clock(String subject, long skewMillis) {
    String found = String.format(Locale.ROOT, "%.1f s from this machine's", skewMillis / 1000.0);
    return Math.abs(skewMillis) <= MOST_SKEW_MILLIS
        ? Finding.ok(subject + ", clock", found)
        : Finding.note(
            subject + ", clock", found, "signatures of S3 and Kerberos tickets will fail: run NTP");
  }
}
