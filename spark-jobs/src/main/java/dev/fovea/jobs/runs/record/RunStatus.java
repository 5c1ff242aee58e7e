package dev.fovea.jobs.runs.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.support.files.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The last sign of life of a run: {@code <run_dir>/status.json}, written anew every {@code
 * heartbeatSeconds} while it runs, and once at its end.
 *
 * @param state running, finished or failed
 * @param updated when this was written, ISO 8601 in UTC, by the run's own clock
 * @param heartbeatSeconds how often it is written
 * @param message why the run failed; else empty
 */
public record RunStatus(RunState state, String updated, long heartbeatSeconds, String message) {
  static final String FILE = "status.json";

  /** So many signs of life may be missing; clocks differ, and stores can be slow. */
  private static final int MISSING_HEARTBEATS = 5;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @throws IllegalArgumentException naming the value, if the seconds are below 1
   */
  public RunStatus {
    Instant.parse(updated);
    if (heartbeatSeconds < 1) {
      throw new IllegalArgumentException(
          "%d seconds between two signs of life are not 1 or more".formatted(heartbeatSeconds));
    }
  }

  /** How the run stands at the given time: a run that has fallen silent is interrupted. */
  RunState at(Instant now) {
    Duration silent = Duration.between(Instant.parse(updated), now);
    boolean gone = silent.toSeconds() > MISSING_HEARTBEATS * heartbeatSeconds;
    return state == RunState.RUNNING && gone ? RunState.INTERRUPTED : state;
  }

  void write(Configuration configuration, Path runDir) throws IOException {
    WholeFile.write(configuration, new Path(runDir, FILE), JSON.writeValueAsBytes(this));
  }

  /** The status in a run's folder; one of state unknown if there is none. */
  static RunStatus read(Configuration configuration, Path runDir) throws IOException {
    Path file = new Path(runDir, FILE);
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      return JSON.readValue(in.readAllBytes(), RunStatus.class);
    } catch (FileNotFoundException e) {
      return new RunStatus(RunState.UNKNOWN, Instant.EPOCH.toString(), 1, "");
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is no status of a run: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }
}
