package dev.fovea.jobs.upscaling.single;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where an upscaled picture goes when only its source, or only a folder, is named. */
public final class OutputName {
  private OutputName() {}

  /**
   * {@code baby.jpg} upscaled four times becomes {@code baby_4x.png}. A leading dot belongs to the
   * stem.
   */
  public static String of(String sourceName, int upscaleRatio) {
    int dot = sourceName.lastIndexOf('.');
    String stem = dot > 0 ? sourceName.substring(0, dot) : sourceName;
    return "%s_%sx.png".formatted(stem, upscaleRatio);
  }

  /** The file named by {@link #of} in the directory. */
  public static Path in(String directory, Path source, int upscaleRatio) {
    return new Path(new Path(directory), of(source.getName(), upscaleRatio));
  }

  /**
   * The output itself, or the file named by {@link #of} inside it where it is a directory or ends
   * in a slash.
   */
  public static Path under(Configuration hadoop, String output, Path source, int upscaleRatio)
      throws IOException {
    if (output.endsWith("/") || isDirectory(hadoop, new Path(output))) {
      return in(output, source, upscaleRatio);
    }
    return new Path(output);
  }

  private static boolean isDirectory(Configuration hadoop, Path path) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (!fileSystem.exists(path)) {
      return false;
    }
    FileStatus status = fileSystem.getFileStatus(path);
    return status.isDirectory();
  }
}
