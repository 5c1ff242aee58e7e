package dev.fovea.jobs.data.shard;

import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** A shard, or the manifest of a folder of shards, is missing, damaged or not ours. */
public final class ShardException extends IOException {
  private static final long serialVersionUID = 1;

  ShardException(Path file, String reason) {
    super("%s: %s".formatted(file, reason));
  }

  ShardException(Path file, String reason, Throwable cause) {
    super("%s: %s: %s".formatted(file, reason, firstLine(cause)), cause);
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }
}
