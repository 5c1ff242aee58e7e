package dev.fovea.jobs.data.prepare;

import dev.fovea.jobs.data.listing.Rejection;
import dev.fovea.jobs.data.prepare.PrepareSettings.ExistingOutput;
import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.data.shard.ShardManifest;
import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.jobs.support.json.StrictRecords;
import dev.fovea.pictures.fingerprint.Fingerprints;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Where the shards go: what is there already, and who may write there.
 *
 * <p>A run first writes {@code _fovea/started}, which says that the rest of the folder is Fovea's,
 * and last the manifest. A folder with the first and without the second was left by a run that did
 * not finish.
 */
final class OutputFolder {
  private final Path path;
  private final FileSystem files;
  private final ShardFolder shards;
  private final String run = UUID.randomUUID().toString();

  /**
   * @throws UsageException if the path is none or is a file
   */
  OutputFolder(Configuration configuration, String text) throws IOException {
    try {
      Path given = new Path(text);
      files = given.getFileSystem(configuration);
      path = files.makeQualified(given);
    } catch (IllegalArgumentException e) {
      throw new UsageException(Setting.OUTPUT_PATH, text, "it is no path: " + e.getMessage());
    } catch (UnsupportedFileSystemException e) {
      throw new UsageException(
          Setting.OUTPUT_PATH, text, "there is no such file system: " + e.getMessage());
    }
    shards = new ShardFolder(configuration, path);
    try {
      if (files.getFileStatus(path).isFile()) {
        throw new UsageException(Setting.OUTPUT_PATH, text, "it is a file; a folder is needed");
      }
    } catch (FileNotFoundException e) {
      // It will be made.
    }
  }

  Path path() {
    return path;
  }

  ShardFolder shards() {
    return shards;
  }

  /**
   * The manifest, if the very shards that are asked for are there and whole.
   *
   * @throws UsageException if something else is there and is to stay
   */
  Optional<ShardManifest> upToDate(
      Map<String, String> settings, String inputs, ExistingOutput existing) throws IOException {
    Optional<ShardManifest> found = shards.manifest();
    if (found.isPresent()) {
      ShardManifest manifest = found.get();
      boolean same = manifest.settings().equals(settings) && manifest.inputs().equals(inputs);
      if (same && isWhole(manifest)) {
        return found;
      }
      if (!same && existing == ExistingOutput.KEEP) {
        throw new UsageException(
            Setting.OUTPUT_PATH,
            path,
            "it holds shards %s; %s replaces them"
                .formatted(difference(manifest, settings), Setting.OVERWRITE));
      }
    } else if (existing == ExistingOutput.KEEP && !started().isPresent() && !isEmpty()) {
      throw new UsageException(
          Setting.OUTPUT_PATH,
          path,
          "it is not empty and holds no shards; a new or empty folder is needed, or "
              + Setting.OVERWRITE);
    }
    return Optional.empty();
  }

  /** Whether a run was here that did not finish. */
  boolean hasLeftovers() throws IOException {
    return started().isPresent() && shards.manifest().isEmpty();
  }

  /**
   * Clears what an earlier run left and claims the folder.
   *
   * @throws UsageException if it cannot be written
   */
  void begin() throws IOException {
    try {
      files.mkdirs(path);
      shards.clear();
      try (OutputStream out = files.create(startedPath(), true)) {
        out.write(run.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UsageException(
          Setting.OUTPUT_PATH, path, "it cannot be written: " + e.getMessage());
    }
  }

  void writeRejected(List<Rejection> rejected) throws IOException {
    try (OutputStream out = files.create(rejectedPath(), true)) {
      for (Rejection rejection : rejected) {
        out.write((StrictRecords.line(rejection) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  void writeFingerprints(Fingerprints fingerprints) throws IOException {
    try (OutputStream out = files.create(shards.fingerprintsPath(), true)) {
      out.write(fingerprints.format());
    }
  }

  Path rejectedPath() {
    return shards.rejectedPath();
  }

  /**
   * Declares the folder whole.
   *
   * @throws IOException if another run has claimed it meanwhile
   */
  void commit(ShardManifest manifest) throws IOException {
    if (!started().equals(Optional.of(run))) {
      throw new IOException("%s: another run writes there; this one stops".formatted(path));
    }
    shards.commit(manifest);
    files.delete(startedPath(), false);
  }

  /** Takes back what {@link #begin()} and the run wrote. */
  void abandon() throws IOException {
    shards.clear();
  }

  private Path startedPath() {
    return shards.startedPath();
  }

  private Optional<String> started() throws IOException {
    try (InputStream in = files.open(startedPath())) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private boolean isEmpty() throws IOException {
    try {
      return files.listStatus(path).length == 0;
    } catch (FileNotFoundException e) {
      return true;
    }
  }

  private boolean isWhole(ShardManifest manifest) throws IOException {
    for (ShardManifest.Shard shard : manifest.shards()) {
      try {
        FileStatus status = files.getFileStatus(new Path(path, shard.name()));
        if (status.getLen() != shard.length()) {
          return false;
        }
      } catch (FileNotFoundException e) {
        return false;
      }
    }
    return true;
  }

  private static String difference(ShardManifest manifest, Map<String, String> settings) {
    List<String> differences = new ArrayList<>();
    settings.forEach(
        (name, value) -> {
          String there = manifest.settings().getOrDefault(name, "unknown");
          if (!there.equals(value)) {
            differences.add("made with %s %s instead of %s".formatted(name, there, value));
          }
        });
    return differences.isEmpty()
        ? "of other pictures, or of pictures that have changed since"
        : String.join(", ", differences);
  }
}
