package dev.fovea.jobs.runs.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.support.files.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a run is: {@code <run_dir>/run.json}. A run that is resumed stays the same run.
 *
 * @param version of this format, {@value #VERSION}
 * @param id of the run, over all its parts
 * @param command that began it, such as {@code pretrain}
 * @param started when its first part began, ISO 8601 in UTC
 * @param settings by option name, those of the last part
 * @param provenance engine, versions, fingerprint of the data
 */
public record RunDescription(
    int version,
    String id,
    String command,
    String started,
    SortedMap<String, String> settings,
    SortedMap<String, String> provenance) {
  public static final int VERSION = 1;

  static final String FILE = "run.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @throws IllegalArgumentException naming the version, if it is another
   */
  public RunDescription {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "the description of a run has version %d, %d is known".formatted(version, VERSION));
    }
    Instant.parse(started);
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
  }

  /** A run that begins now. */
  public RunDescription(
      String id,
      String command,
      Instant now,
      Map<String, String> settings,
      Map<String, String> made) {
    this(VERSION, id, command, now.toString(), new TreeMap<>(settings), new TreeMap<>(made));
  }

  /** The description of this part of a run whose first part another description tells of. */
  public RunDescription continuing(RunDescription earlier) {
    return new RunDescription(
        VERSION, earlier.id(), command, earlier.started(), settings, provenance);
  }

  /** Writes it into the folder of a run, whole or not at all. */
  public void write(Configuration configuration, Path runDir) throws IOException {
    WholeFile.write(
        configuration,
        new Path(runDir, FILE),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
  }

  /**
   * The description in a run's folder.
   *
   * @throws IOException if there is one that cannot be read
   */
  public static Optional<RunDescription> read(Configuration configuration, Path runDir)
      throws IOException {
    Path file = new Path(runDir, FILE);
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      return Optional.of(JSON.readValue(in.readAllBytes(), RunDescription.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is no description of a run: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }
}
