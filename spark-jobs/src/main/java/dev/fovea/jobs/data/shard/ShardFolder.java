package dev.fovea.jobs.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fovea.pictures.fingerprint.Fingerprints;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder of shards: {@code shard-NNNNNN.parquet} and, written last, {@code _fovea/prepare.json}.
 *
 * <p>No rename is relied on: object stores have none. Safe for use by several threads.
 */
public final class ShardFolder {
  private static final Pattern SHARD_NAME = Pattern.compile("shard-\\d{6,}\\.parquet");
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private final Configuration configuration;
  private final Path folder;

  public ShardFolder(Configuration configuration, Path folder) {
    this.configuration = configuration;
    this.folder = folder;
  }

  public Path path() {
    return folder;
  }

  /** Where shard {@code number} lies, 0 being the first. */
  public Path shard(int number) {
    return new Path(folder, String.format(Locale.ROOT, "shard-%06d.parquet", number));
  }

  /** What describes the shards without being one: the manifest, lists of rejected pictures. */
  public Path notes() {
    return new Path(folder, "_fovea");
  }

  public Path manifestPath() {
    return new Path(notes(), "prepare.json");
  }

  /** Where the fingerprints of the source pictures and their sub-images lie. */
  public Path fingerprintsPath() {
    return new Path(notes(), Fingerprints.FILE_NAME);
  }

  /**
   * What the pictures are recognised by, or nothing where the shards were made without.
   *
   * @throws ShardException if there is a file that cannot be understood
   */
  public Optional<Fingerprints> fingerprints() throws IOException {
    Path path = fingerprintsPath();
    byte[] bytes;
    try (InputStream in = fileSystem().open(path)) {
      bytes = in.readAllBytes();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(Fingerprints.parse(bytes));
    } catch (IOException e) {
      throw new ShardException(path, "is not a file of fingerprints: " + e.getMessage(), e);
    }
  }

  /**
   * The manifest, or nothing where the folder is missing or was not finished.
   *
   * @throws ShardException if there is one that cannot be understood
   */
  public Optional<ShardManifest> manifest() throws IOException {
    Path path = manifestPath();
    try (InputStream in = fileSystem().open(path)) {
      return Optional.of(JSON.readValue(in, ShardManifest.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new ShardException(path, "is not a manifest of shards", e);
    }
  }

  /** The terms under which the pictures may be used, as whoever prepared them recorded them. */
  public Optional<String> terms() throws IOException {
    try (InputStream in = fileSystem().open(termsPath())) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Records the terms under which the pictures may be used, over those that are there. */
  public void recordTerms(String terms) throws IOException {
    try (OutputStream out = fileSystem().create(termsPath(), true)) {
      out.write((terms.strip() + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Where the pictures that were rejected are listed. */
  public Path rejectedPath() {
    return new Path(notes(), "rejected.jsonl");
  }

  /** What says that a run has begun and not finished. */
  public Path startedPath() {
    return new Path(notes(), "started");
  }

  private Path termsPath() {
    return new Path(notes(), "terms.txt");
  }

  /** Declares the folder whole. Everything the manifest names must have been written before. */
  public void commit(ShardManifest manifest) throws IOException {
    try (OutputStream out = fileSystem().create(manifestPath(), true)) {
      out.write(JSON.writeValueAsBytes(manifest));
      out.write('\n');
    }
  }

  /**
   * Deletes the manifest first, then the notes by their names and the shards, and nothing else: the
   * folder of notes may hold those of another job.
   */
  public void clear() throws IOException {
    FileSystem files = fileSystem();
    files.delete(manifestPath(), false);
    for (Path note : List.of(fingerprintsPath(), rejectedPath(), termsPath(), startedPath())) {
      files.delete(note, false);
    }
    try {
      files.delete(notes(), false);
    } catch (IOException e) {
      // It holds what somebody else put there, be it a checksum file that nothing lists.
    }
    if (!files.exists(folder)) {
      return;
    }
    for (FileStatus file : files.listStatus(folder)) {
      if (file.isFile() && SHARD_NAME.matcher(file.getPath().getName()).matches()) {
        files.delete(file.getPath(), false);
      }
    }
  }

  FileSystem fileSystem() throws IOException {
    return folder.getFileSystem(configuration);
  }
}
