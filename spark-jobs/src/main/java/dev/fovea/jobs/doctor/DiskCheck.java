package dev.fovea.jobs.doctor;

import dev.fovea.jobs.support.console.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room on this machine. */
final class DiskCheck {
  /** Natives alone take this much when they are unpacked. */
  private static final long LEAST = 1L << 30;

  private static final long COMFORTABLE = 10L << 30;

  private DiskCheck() {}

  static Finding of(String subject, Path folder) {
    try {
      return of(subject, folder, Files.getFileStore(folder).getUsableSpace());
    } catch (IOException e) {
      return Finding.failed(subject, "%s: %s".formatted(folder, e.getMessage()), "make the folder");
    }
  }

  static Finding of(String subject, Path folder, long free) {
    String found = "%s free in %s".formatted(Figures.bytes(free), folder);
    if (!Files.isWritable(folder)) {
      return Finding.note(subject, found + ", which may not be written", "take another folder");
    }
    if (free < LEAST) {
      return Finding.failed(subject, found, "natives and Spark's files need 1 GiB: make room");
    }
    return free < COMFORTABLE
        ? Finding.note(subject, found, "shards and checkpoints may need more")
        : Finding.ok(subject, found);
  }
}
