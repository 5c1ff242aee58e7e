package dev.fovea.jobs.upscaling.single;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Where an upscaled picture goes when only its source, or only a folder, is named. */
public final class OutputName {
  private OutputName() {}

  /**
   * {@code baby.jpg} upscaled four times becomes {@code baby_4x.png}. A leading dot belongs to the
   * stem.
   */
  public static String of(String sourceName, int upscaleRatio, String ending) {
    int dot = sourceName.lastIndexOf('.');
    String stem = dot > 0 ? sourceName.substring(0, dot) : sourceName;
    return "%s_%sx.%s".formatted(stem, upscaleRatio, ending);
  }

  /** The file named by {@link #of} in the directory. */
  private static Path in(String directory, Path source, int upscaleRatio, String ending) {
    return new Path(new Path(directory), of(source.getName(), upscaleRatio, ending));
  }

  /**
   * The output itself, or the file named by {@link #of} inside it where it is a directory or ends
   * in a slash.
   */
  public static Path under(
      Configuration hadoop, String output, Path source, int upscaleRatio, String ending)
      throws IOException {
    if (isFolder(hadoop, output)) {
      return in(output, source, upscaleRatio, ending);
    }
    return new Path(output);
  }

  /** Whether an output is a folder for the result: one that is there, or a name with a slash. */
  public static boolean isFolder(Configuration hadoop, String output) throws IOException {
    if (output.endsWith("/")) {
      return true;
    }
    try {
      Path path = new Path(output);
      return path.getFileSystem(hadoop).getFileStatus(path).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }
}
