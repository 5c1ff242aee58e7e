package dev.fovea.jobs.models.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.support.files.NewFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The right to write to a checkpoint path: a file in it that names the one who has it. Whoever
 * comes later takes it over, and who had it before finds out at the next look and stops; a process
 * that was thought dead can so never go on beside the one that was started in its place.
 *
 * <p>It is taken under a {@link Claim}, so that of several who begin in the same moment one gets
 * it, and the others find out before they begin. Not thread-safe.
 */
final class Lease {
  static final String NAME = "_writer.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST = 4096;

  private final FileSystem fileSystem;
  private final Path path;
  private final Holder self;

  /**
   * Who has it.
   *
   * @param token drawn anew by every writer, since two processes may go on with the same run
   * @param since an instant as ISO 8601 writes it
   */
  record Holder(String runId, String token, String host, long process, String since) {
    static Holder self(String runId) {
      String host;
      try {
        host = InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        host = "unknown";
      }
      return new Holder(
          runId,
          UUID.randomUUID().toString(),
          host,
          ProcessHandle.current().pid(),
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    static final Holder UNKNOWN = new Holder("unknown", "", "unknown", 0, "unknown");

    static Holder parse(byte[] bytes) {
      try {
        JsonNode node = JSON.readTree(bytes);
        return node.path("token").asText().isEmpty()
            ? UNKNOWN
            : new Holder(
                node.path("run_id").asText(),
                node.path("token").asText(),
                node.path("host").asText(),
                node.path("process").asLong(),
                node.path("since").asText());
      } catch (IOException e) {
        // Somebody is writing it in this moment, so that it is not ours.
        return UNKNOWN;
      }
    }

    byte[] format() {
      String json =
          JSON.createObjectNode()
              .put("version", 1)
              .put("run_id", runId)
              .put("token", token)
              .put("host", host)
              .put("process", process)
              .put("since", since)
              .toPrettyString();
      return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return "run %s (process %d on %s, since %s)".formatted(runId, process, host, since);
    }
  }

  private Lease(FileSystem fileSystem, Path path, Holder self) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.self = self;
  }

  /** Who has the right to write to a path, if anybody. */
  static Optional<Holder> holder(FileSystem fileSystem, Path path) throws IOException {
    try (InputStream in = fileSystem.open(new Path(path, NAME))) {
      return Optional.of(Holder.parse(in.readNBytes(LARGEST)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Takes the right over from whoever has it.
   *
   * @throws ForeignCheckpointException if somebody else takes it in the same moment
   */
  static Lease takeOver(FileSystem fileSystem, Path path, String runId) throws IOException {
    fileSystem.delete(new Path(path, NAME), false);
    return take(fileSystem, path, runId);
  }

  /**
   * Takes the right that nobody has.
   *
   * @throws ForeignCheckpointException if somebody has it
   */
  static Lease take(FileSystem fileSystem, Path path, String runId) throws IOException {
    Lease lease = new Lease(fileSystem, path, Holder.self(runId));
    Path file = new Path(path, NAME);
    try {
      if (fileSystem instanceof RawLocalFileSystem local
          && !local.pathToFile(file).createNewFile()) {
        // Hadoop looks and then creates; the kernel does both at once.
        throw new FileAlreadyExistsException(file.toString());
      }
      boolean overwrite = fileSystem instanceof RawLocalFileSystem;
      try (OutputStream out = StepDirectory.durable(fileSystem, file, overwrite)) {
        out.write(lease.self.format());
      }
    } catch (IOException e) {
      if (!NewFile.exists(e)) {
        throw e;
      }
      throw ForeignCheckpointException.takenOver(
          path, holder(fileSystem, path).orElse(Holder.UNKNOWN).toString(), runId);
    }
    lease.requireHeld();
    return lease;
  }

  /**
   * Makes sure that nobody has taken it over.
   *
   * @throws ForeignCheckpointException if somebody has
   */
  void requireHeld() throws IOException {
    Optional<Holder> holder = holder(fileSystem, path);
    if (holder.isEmpty()) {
      throw ForeignCheckpointException.takenOver(
          path, "somebody who has deleted %s".formatted(NAME), self.runId());
    }
    if (!holder.get().token().equals(self.token())) {
      throw ForeignCheckpointException.takenOver(path, holder.get().toString(), self.runId());
    }
  }

  /** Gives it back, unless somebody else has taken it. */
  void release() throws IOException {
    Optional<Holder> holder = holder(fileSystem, path);
    if (holder.isPresent() && holder.get().token().equals(self.token())) {
      fileSystem.delete(new Path(path, NAME), false);
    }
  }
}
