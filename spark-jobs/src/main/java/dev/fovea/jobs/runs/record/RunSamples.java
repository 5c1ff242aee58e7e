package dev.fovea.jobs.runs.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fovea.jobs.support.files.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The sample pictures of a run in {@code <run_dir>/samples/step-NNNNNNNN/}: PNG files and, written
 * last, a list of them. A folder without its list does not exist for readers. Not thread-safe.
 */
public final class RunSamples {
  private static final String LIST = "samples.json";
  private static final Pattern FOLDER = Pattern.compile("step-(\\d{8,18})");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Configuration configuration;
  private final Path folder;
  private final FileSystem files;

  /** Those of a run's folder. */
  public RunSamples(Configuration configuration, Path runDir) throws IOException {
    this.configuration = configuration;
    this.folder = new Path(runDir, "samples");
    this.files = folder.getFileSystem(configuration);
  }

  private record Listed(String time, List<Picture> pictures) {
    private record Picture(String name, int width, int height, String file) {}
  }

  /** Writes the pictures of one evaluation. */
  public void write(Shown shown) throws IOException {
    Path at = new Path(folder, String.format(Locale.ROOT, "step-%08d", shown.step()));
    List<Listed.Picture> listed = new ArrayList<>();
    for (int i = 0; i < shown.pictures().size(); i++) {
      SamplePicture picture = shown.pictures().get(i);
      String file = String.format(Locale.ROOT, "%02d.png", i);
      WholeFile.write(configuration, new Path(at, file), picture.png());
      listed.add(new Listed.Picture(picture.name(), picture.width(), picture.height(), file));
    }
    WholeFile.write(
        configuration,
        new Path(at, LIST),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Listed(shown.time(), listed)));
  }

  /** All that are there, by step. */
  public List<Shown> read() throws IOException {
    List<Shown> all = new ArrayList<>();
    for (FileStatus status : folders()) {
      Listed listed;
      try {
        listed = JSON.readValue(bytes(new Path(status.getPath(), LIST)), Listed.class);
      } catch (FileNotFoundException | JsonProcessingException e) {
        continue; // Cut off by a crash.
      }
      List<SamplePicture> pictures = new ArrayList<>();
      for (Listed.Picture each : listed.pictures()) {
        pictures.add(
            new SamplePicture(
                each.name(),
                each.width(),
                each.height(),
                bytes(new Path(status.getPath(), new Path(each.file()).getName()))));
      }
      all.add(new Shown(step(status), listed.time(), pictures));
    }
    all.sort(Comparator.comparingLong(Shown::step));
    return all;
  }

  /** Deletes those of later steps; all with -1. */
  public void dropAfter(long step) throws IOException {
    for (FileStatus status : folders()) {
      if (step(status) > step) {
        files.delete(status.getPath(), true);
      }
    }
  }

  private List<FileStatus> folders() throws IOException {
    List<FileStatus> found = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(folder)) {
        if (status.isDirectory() && FOLDER.matcher(status.getPath().getName()).matches()) {
          found.add(status);
        }
      }
    } catch (FileNotFoundException e) {
      // Nothing was shown yet.
    }
    return found;
  }

  private static long step(FileStatus status) {
    Matcher name = FOLDER.matcher(status.getPath().getName());
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }

  private byte[] bytes(Path path) throws IOException {
    try (InputStream in = files.open(path)) {
      return in.readAllBytes();
    }
  }
}
