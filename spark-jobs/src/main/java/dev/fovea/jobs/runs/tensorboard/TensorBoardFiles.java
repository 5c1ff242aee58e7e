package dev.fovea.jobs.runs.tensorboard;

import dev.fovea.jobs.runs.record.Dashboard;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.runs.record.Shown;
import dev.fovea.jobs.support.files.GrowingFile;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run's figures, sample pictures and settings as TensorBoard's event files, in {@code
 * <run_dir>/tensorboard}.
 *
 * <p>Each part of a run writes files of its own, which begin with everything that came before, and
 * deletes those of the part before: no step is in two files, and there is no file that a process
 * which was killed could have left half-written in the middle. Where the file system can append
 * there is one file; else a file is written anew as it grows, up to {@value #LARGEST} bytes, and
 * then another is begun.
 */
public final class TensorBoardFiles implements Dashboard {
  static final String FOLDER = "tensorboard";

  private static final long LARGEST = 4 << 20;

  private final Configuration configuration;
  private final Path folder;
  private final String part;
  private GrowingFile file;
  private int number;

  private TensorBoardFiles(Configuration configuration, Path runDir) {
    this.configuration = configuration;
    this.folder = new Path(runDir, FOLDER);
    // TensorBoard reads the files of a folder in the order of their names.
    this.part =
        String.format(
            Locale.ROOT,
            "events.out.tfevents.%013d.fovea.%s",
            Instant.now().toEpochMilli(),
            UUID.randomUUID().toString().substring(0, 8));
  }

  /** Begins the files with what is known of the run by now. */
  public static TensorBoardFiles begin(
      Configuration configuration,
      Path runDir,
      RunDescription run,
      List<RunEvent> events,
      List<Shown> shown)
      throws IOException {
    TensorBoardFiles made = new TensorBoardFiles(configuration, runDir);
    ByteArrayOutputStream opening = new ByteArrayOutputStream();
    opening.writeBytes(SummaryEvents.restart(Instant.parse(run.started())));
    opening.writeBytes(SummaryEvents.settings(run));
    opening.writeBytes(bytes(events, shown));
    made.begin(opening.toByteArray());
    made.deleteEarlierParts();
    return made;
  }

  @Override
  public String name() {
    return "TensorBoard files in " + folder;
  }

  @Override
  public void update(List<RunEvent> events, List<Shown> shown) throws IOException {
    byte[] bytes = bytes(events, shown);
    if (bytes.length == 0) {
      return;
    }
    if (!file.appends() && file.length() >= LARGEST) {
      begin(bytes);
    } else {
      file.append(bytes);
    }
  }

  @Override
  public void end(RunState state) {}

  private void begin(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(SummaryEvents.fileVersion(Instant.now()));
    bytes.writeBytes(content);
    Path path = new Path(folder, String.format(Locale.ROOT, "%s.%04d", part, number));
    file = GrowingFile.replace(configuration, path, bytes.toByteArray());
    number++;
  }

  private void deleteEarlierParts() throws IOException {
    FileSystem files = folder.getFileSystem(configuration);
    List<Path> earlier = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(folder)) {
        String name = status.getPath().getName();
        if (name.contains("tfevents") && !name.startsWith(part)) {
          earlier.add(status.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return;
    }
    for (Path path : earlier) {
      files.delete(path, false);
    }
  }

  private static byte[] bytes(List<RunEvent> events, List<Shown> shown) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    events.forEach(event -> bytes.writeBytes(SummaryEvents.scalar(event)));
    for (Shown each : shown) {
      for (SamplePicture picture : each.pictures()) {
        bytes.writeBytes(SummaryEvents.image(each, picture));
      }
    }
    return bytes.toByteArray();
  }
}
